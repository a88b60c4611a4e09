internal import Diagnostics
internal import Evaluation
internal import Files
internal import Foundation
internal import Runs
internal import Spec
internal import Warehouse

/// The counts of one list's cohort, all of it, whatever was published.
struct ListProfile: Codable, Equatable {
  let cutoff: String
  let runId: String
  /// The SHA-256 of the cells.
  let cells: String
  let rows: Int
  /// In the order of the cells' features.
  let features: [FeatureProfile]
}

/// A value with the SHA-256 of its JSON, so that any change of a stored file can be detected.
///
/// Unlike the records of runs it is one line: a profile is mostly numbers, each of which would be a
/// line of its own.
private struct Sealed<Value: Codable>: Codable {
  let sha256: String
  let value: Value

  init(_ value: Value) throws {
    self.value = value
    sha256 = try Self.hash(value)
  }

  /// Whether the value is as it was stored.
  var isIntact: Bool { (try? Self.hash(value)) == sha256 }

  private static func hash(_ value: Value) throws -> String {
    Fingerprint.of(try JSONDocument.record(value))
  }
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
    let stored = try read(TrainCells.self, path)
    guard stored.value.belong(to: champion) else {
      throw FindingsError(.damagedProfile(path, "it does not have the features of the champion"))
    }
    return (stored.value, stored.sha256)
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

  private func read<Value: Codable>(
    _ type: Value.Type, _ path: String
  ) throws(FindingsError) -> Sealed<Value> {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let bytes: Data
    do throws(FileError) {
      bytes = try Files.read(path, followsLinks: false, limit: Self.limit)
    } catch {
      throw FindingsError(.damagedProfile(path, error.reason))
    }
    guard let stored = try? decoder.decode(Sealed<Value>.self, from: bytes), stored.isIntact else {
      throw FindingsError(.damagedProfile(path, "the file is not what `holdout score` has written"))
    }
    return stored
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

  private func write(_ value: some Codable, to path: String) throws -> String {
    guard FileKind(at: folder) != .link else {
      throw FileError(folder, ELOOP, "it is a symbolic link")
    }
    let sealed = try Sealed(value)
    try Files.makeFolder(folder)
    try Files.write(try JSONDocument.record(sealed) + Data("\n".utf8), to: path)
    return sealed.sha256
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
      example: published(
        """
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
      example: published(
        """
        echo "a file" > results/renewals/profiles
        holdout score renewals --allow-silent-sources
        """),
      fix: """
        Make the folder writable. Scoring the same cutoff again replaces the list and stores the \
        profile.
        """),
  ]
}
