internal import Cryptography
internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Files
internal import Foundation
internal import Spec
internal import Warehouse

/// The counts of one list's cohort, all of it, whatever was published.
struct ListProfile: Codable, Equatable {
  let cutoff: String
  /// When the list was made, in UTC.
  let scoredAt: String
  let runId: String
  /// The SHA-256 of the file with the cells.
  let cells: String
  let rows: Int
  /// In the order of the cells' features.
  let features: [FeatureProfile]
}

/// The profiles of a champion's lists in `results/NAME/profiles`: `DAY.json` for each list, and
/// `cells-RUN_ID.json` for each model that made one.
struct ProfileStore {
  /// The number of lists whose profiles are kept.
  static let kept = 104
  /// A file larger than this is not one of them.
  private static let limit = 1 << 26

  private let folder: String

  init(of name: String, project: Project) {
    folder = "\(project.resultsFolder(of: name))/profiles"
  }

  // MARK: - Reading

  /// Reads the cells of a champion; nil if there are none.
  /// - Throws: `FindingsError` if the file is damaged.
  func cells(
    of champion: ProductionModel
  ) throws(FindingsError) -> (cells: TrainCells, digest: String)? {
    let path = self.path(cellsOf: champion.runId)
    guard FileKind(at: path) != nil else { return nil }
    let (cells, bytes) = try read(TrainCells.self, path)
    guard cells.belong(to: champion) else {
      throw FindingsError(.damagedProfile(path, "it does not have the features of the champion"))
    }
    return (cells, SHA256.hash(bytes).hexadecimal)
  }

  /// Reads the profile of a list that was counted in some cells; nil if there is none.
  /// - Throws: `FindingsError` if the file is damaged.
  func profile(
    at day: CalendarDate, in cells: TrainCells, digest: String
  ) throws(FindingsError) -> ListProfile? {
    let path = self.path(day.description)
    guard FileKind(at: path) != nil else { return nil }
    let profile = try read(ListProfile.self, path).value
    // Another model made the list.
    guard profile.cells == digest else { return nil }
    let isWhole =
      profile.cutoff == day.description && profile.features.count == cells.features.count
      && zip(profile.features, cells.features).allSatisfy { own, feature in
        own.isPossible && own.rows == profile.rows && own.cells.count == feature.cellCount
      }
    guard isWhole else {
      throw FindingsError(.damagedProfile(path, "its counts do not belong together"))
    }
    return profile
  }

  private func read<Value: Decodable>(
    _ type: Value.Type, _ path: String
  ) throws(FindingsError) -> (value: Value, bytes: Data) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      let bytes = try Files.read(path, followsLinks: false, limit: Self.limit)
      return (try decoder.decode(type, from: bytes), bytes)
    } catch let error as FileError {
      throw FindingsError(.damagedProfile(path, error.reason))
    } catch {
      throw FindingsError(.damagedProfile(path, "the file is not what `holdout score` has written"))
    }
  }

  // MARK: - Writing

  /// Writes the cells of a champion.
  /// - Returns: their digest.
  /// - Throws: `FileError` or `EncodingError`.
  func write(_ cells: TrainCells) throws -> String {
    try write(cells, to: path(cellsOf: cells.runId))
  }

  /// Writes the profile of a list, and removes those of lists that are too old to be kept.
  /// - Throws: `FileError` or `EncodingError`.
  func write(_ profile: ListProfile) throws {
    _ = try write(profile, to: path(profile.cutoff))
    let days = try Files.names(in: folder).filter { $0.hasSuffix(".json") }
      .map { String($0.dropLast(5)) }.filter { CalendarDate($0) != nil }
    for day in days.dropLast(Self.kept) { try Files.remove(path(day)) }
  }

  private func write(_ value: some Encodable, to path: String) throws -> String {
    guard FileKind(at: folder) != .link else {
      throw FileError(folder, ELOOP, "it is a symbolic link")
    }
    let bytes = try JSONDocument.record(value) + Data("\n".utf8)
    try Files.makeFolder(folder)
    try Files.write(bytes, to: path)
    return SHA256.hash(bytes).hexadecimal
  }

  private func path(_ name: String) -> String { "\(folder)/\(name).json" }

  private func path(cellsOf runId: String) -> String { path("cells-\(runId)") }
}

/// The profiles that were stored when lists of a champion were made.
struct StoredProfiles {
  /// nil if no list of this champion has a profile.
  private(set) var cells: TrainCells?
  /// By list.
  private(set) var ofDay: [CalendarDate: [FeatureProfile]] = [:]
  /// Warnings about files that cannot be used; what they have is counted again.
  private(set) var findings: [Finding] = []

  /// Reads the profiles of some days.
  init(_ champion: ProductionModel, days: [CalendarDate], project: Project) {
    let store = ProfileStore(of: champion.name, project: project)
    do throws(FindingsError) {
      guard let (cells, digest) = try store.cells(of: champion) else { return }
      self.cells = cells
      for day in days {
        do throws(FindingsError) {
          ofDay[day] = try store.profile(at: day, in: cells, digest: digest)?.features
        } catch {
          findings += error.findings
        }
      }
    } catch {
      findings += error.findings
    }
  }
}

// Findings about profiles: H688 and H689.
extension Finding {
  static func damagedProfile(_ path: String, _ reason: String) -> Finding {
    Finding(
      688, .warning, "the profile `\(path)` is damaged, and what it has is counted again",
      notes: [reason],
      hints: ["restore the file from git, or remove it"])
  }

  static func profileNotStored(_ name: String, _ error: any Error) -> Finding {
    let reasons: [String] =
      switch error {
      case let error as FindingsError: error.findings.map(\.message)
      case let error as FileError: ["`\(error.path)`: \(error.reason)"]
      case let error as WarehouseError: [error.message]
      default: ["\(error)"]
      }
    return Finding(
      689, .warning,
      "the profile of a list of `\(name)` was not stored; the list itself is published",
      notes: reasons,
      hints: ["scoring the cutoff again stores it"])
  }
}

extension Explanation {
  static let profileFindings: [Explanation] = [
    Explanation(
      688, "a damaged profile",
      cause: """
        `holdout score` stores how the features of each list were distributed, in \
        `results/NAME/profiles`. This file is not as it was written. The monitor counts the week again \
        from the history, which may have been corrected since.
        """,
      example: .files(
        lists,
        """
        holdout run spec.yaml &> run.log
        holdout promote renewals --override "a trial" &> run.log
        holdout score renewals --allow-silent-sources &> run.log
        echo "{}" > results/renewals/profiles/2025-09-18.json
        holdout monitor renewals
        """),
      fix: "Restore the file from git. If nobody needs it, remove it."),
    Explanation(
      689, "a profile that was not stored",
      cause: """
        The list was published, but how its features were distributed could not be written to \
        `results/NAME/profiles`, or the train rows could not be counted. A monitor will count the \
        week again from the history.
        """,
      example: .files(
        lists,
        """
        holdout run spec.yaml &> run.log
        holdout promote renewals --override "a trial" &> run.log
        echo "a file" > results/renewals/profiles
        holdout score renewals --allow-silent-sources
        """),
      fix: """
        Make the folder writable. Scoring the same cutoff again replaces the list and stores the \
        profile.
        """),
  ]

  private static let lists: [(String, String)] = [
    (
      "holdout.yaml",
      ExampleProject.project + "gates: {audit: none, evidence: any, better_than: none}\n"
    ),
    ("spec.yaml", "extends: base.yaml\nscore: {parquet: \"list_{cutoff}.parquet\"}\n"),
  ]
}
