public import Diagnostics
internal import Foundation

extension StoredRun {
  /// Reads the run's curves.json.
  /// - Parameter folder: where the file is if the run's own folder does not have it, as that of a
  ///   promoted model.
  /// - Returns: nil if the run's record does not name the file: earlier versions wrote none.
  /// - Throws: `FindingsError` when the file is missing, is not what the run wrote, or has a schema
  ///   that this version does not know.
  public func curves(in folder: String? = nil) throws(FindingsError) -> RunCurves? {
    guard record.files?[RunCurves.file] != nil else { return nil }
    let files = folder.map { RunFiles(folder: $0, hashes: record.files) } ?? files
    let what = "a run's curves"
    return try Self.decoded(
      files.path(RunCurves.file), what, files.content(RunCurves.file, what: what),
      RunCurves.init(json:))
  }
}

extension RunCurves {
  /// The part that every schema has.
  private struct Head: Decodable {
    enum CodingKeys: CodingKey { case schema }

    let schema: Int
  }

  /// Parses a curves.json.
  /// - Throws: `DecodingError`, also for a schema of a later version.
  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    // The rest of another schema may have other keys.
    let schema = try decoder.decode(Head.self, from: json).schema
    guard schema == Self.currentSchema else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: [Head.CodingKeys.schema],
          debugDescription:
            "it is \(schema), and this version of Holdout reads \(Self.currentSchema)"))
    }
    self = try decoder.decode(RunCurves.self, from: json)
  }
}
