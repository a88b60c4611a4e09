internal import Diagnostics
internal import Foundation
internal import Panel
internal import Spec

/// The inputs of each stage of a spec's last run, to tell which of them has changed since.
struct RunTrace: Codable {
  let stages: [String: CacheInputs]

  /// - Parameter cutoffs: those with rows.
  init(run: CacheInputs, inputs: PanelInputs, spec: ExperimentSpec, cutoffs: [Cutoff]) {
    var stages = ["run": run]
    if let last = cutoffs.last {
      stages["cohort"] = inputs.entities(last)
      stages["label"] = inputs.labels(last)
    }
    for (index, feature) in spec.features.enumerated() {
      stages["feature \(feature.name.value)"] = inputs.feature(index)
    }
    self.stages = stages
  }

  private static func path(_ name: String, _ cache: Cache) -> String {
    // Names of specs may hold what no file's name may.
    "\(cache.folder)/traces/\(Fingerprint.of(Data(name.utf8)).prefix(32)).json"
  }

  static func last(of name: String, _ cache: Cache) -> RunTrace? {
    FileManager.default.contents(atPath: path(name, cache)).flatMap {
      try? JSONDecoder().decode(RunTrace.self, from: $0)
    }
  }

  /// Without it nothing but words would be missing, so that what fails is let go.
  func keep(of name: String, _ cache: Cache) {
    let path = Self.path(name, cache)
    try? FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    guard let data = try? JSONEncoder().encode(self) else { return }
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
