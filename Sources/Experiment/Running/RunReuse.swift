internal import Foundation
internal import Panel
internal import Runs
internal import Spec

/// Finished runs that need not be run again. For each, the cache stores the hashes of its files and
/// its summary.
struct RunReuse {
  let cache: Cache

  private struct Entry: Codable {
    /// SHA-256 of each of the run's files.
    let files: [String: String]
    let summary: RunSummary
  }

  /// Files that may change while the run stays valid: they concern its later uses. The records
  /// contain the hash of spec.yaml.
  private static let others: Set<String> = [
    "spec.yaml", "refit/spec.yaml", "run.json", ResultsFolder.auditFile,
  ]

  /// - Parameter refitting: whether the run has a refit.
  func inputs(
    _ experiment: ResolvedExperiment, data: [DataFingerprint], versions: [String: String],
    refitting: Bool
  ) -> CacheInputs {
    // Form 4: the fourth version of what is stored and recorded for a run. Its record has schema 2.
    var inputs = cache.inputs("run").adding("form", "4")
    for (name, version) in versions.sorted(by: { $0.key < $1.key }) { inputs.add(name, version) }
    for print in data {
      inputs.add(
        "the rows of source `\(print.source)`",
        "\(print.path) \(print.sha256 ?? print.contentHash ?? "-")")
    }
    for part in experiment.parts { inputs.add("`\(part.key)` of the spec", part.text) }
    inputs.add("second fit", "\(refitting)")
    return inputs
  }

  /// The summary of a run, if all its files are as they were written.
  func summary(_ inputs: CacheInputs, in folder: ResultsFolder) -> RunSummary? {
    guard let entry = cache.value(Entry.self, inputs) else { return nil }
    let run = folder.run(entry.summary.runId)
    let now = Self.files(run)
    // A refit and an audit may have been added beside the run's own files.
    guard entry.files.allSatisfy({ now[$0.key] == $0.value }),
      let record = try? RunRecord.read(run), record.runId == entry.summary.runId,
      let files = record.files,
      files.allSatisfy({ Self.others.contains($0.key) || now[$0.key] == $0.value })
    else { return nil }
    var summary = entry.summary
    summary.resultsFolder = folder.path
    return summary
  }

  func keep(_ summary: RunSummary, in folder: ResultsFolder, for inputs: CacheInputs) throws {
    let files = Self.files(folder.run(summary.runId))
    try cache.keep(value: Entry(files: files, summary: summary), for: inputs)
  }

  private static func files(_ run: String) -> [String: String] {
    let manager = FileManager.default
    var found: [String: String] = [:]
    for name in manager.enumerator(atPath: run)?.compactMap({ $0 as? String }) ?? []
    where !others.contains(name) {
      var isFolder: ObjCBool = false
      guard manager.fileExists(atPath: "\(run)/\(name)", isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      found[name] = Fingerprint.of(file: "\(run)/\(name)") ?? "-"
    }
    return found
  }
}
