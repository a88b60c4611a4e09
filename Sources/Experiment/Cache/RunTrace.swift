internal import Diagnostics
internal import Files
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

  private static func path(_ name: String, _ cache: Cache) -> String? {
    // Names of specs may hold what no file's name may.
    cache.trace("\(Fingerprint.of(Data(name.utf8)).prefix(32)).json")
  }

  static func last(of name: String, _ cache: Cache) -> RunTrace? {
    guard let path = path(name, cache), let data = try? Files.read(path, followsLinks: false)
    else { return nil }
    return try? JSONDecoder().decode(RunTrace.self, from: data)
  }

  /// Without it nothing but words would be missing, so that a failure is ignored.
  func keep(of name: String, _ cache: Cache) {
    guard let path = Self.path(name, cache), let data = try? JSONEncoder().encode(self) else {
      return
    }
    try? Files.makeFolder((path as NSString).deletingLastPathComponent)
    try? Files.write(data, to: path, onlyIfChanged: true, isSynced: false)
  }
}
