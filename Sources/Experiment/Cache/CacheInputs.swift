internal import Cryptography
internal import Diagnostics
internal import Files
internal import Foundation
internal import Panel
internal import Runs
internal import Spec

/// The named inputs that decide the result of a piece of work, and the key derived from them: equal
/// keys, equal results.
package struct CacheInputs: Codable, Hashable, Sendable {
  struct Input: Codable, Hashable, Sendable {
    let name: String
    let value: String
  }

  /// The kind of work.
  let kind: String
  private(set) var inputs: [Input] = []

  package init(_ kind: String) { self.kind = kind }

  /// Adds an input. A long text is replaced by its SHA-256.
  package mutating func add(_ name: String, _ value: String) {
    let short = value.utf8.count <= 80 ? value : "sha256:\(Fingerprint.of(Data(value.utf8)))"
    inputs.append(Input(name: name, value: short))
  }

  package func adding(_ name: String, _ value: String) -> CacheInputs {
    var inputs = self
    inputs.add(name, value)
    return inputs
  }

  /// SHA-256 of kind and inputs, in lowercase hexadecimal digits.
  package var key: String {
    // Hash all bytes at once: a panel of many cutoffs has tens of thousands of keys.
    var bytes: [UInt8] = []
    func add(_ text: String) {
      // Lengths come first, so that no two lists give the same bytes.
      bytes.append(contentsOf: String(text.utf8.count).utf8)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(contentsOf: text.utf8)
    }
    add(kind)
    for input in inputs {
      add(input.name)
      add(input.value)
    }
    return SHA256.hash(bytes).hexadecimal
  }

  /// The name of the first input that differs; nil when all are the same.
  /// - Parameter ignored: an input that may differ.
  package func firstDifference(from former: CacheInputs?, but ignored: String? = nil) -> String? {
    guard let former else { return nil }
    let values = Dictionary(
      former.inputs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    if let changed = inputs.first(where: { values[$0.name] != $0.value && $0.name != ignored }) {
      return changed.name
    }
    let names = Set(inputs.map(\.name))
    return former.inputs.first { !names.contains($0.name) && $0.name != ignored }?.name
  }
}

/// The inputs of each stage of a spec's last run, used to find which of them have changed since.
struct RunTrace: Codable {
  let stages: [String: CacheInputs]

  /// - Parameter cutoffs: the cutoffs that have rows.
  init(run: CacheInputs, inputs: PanelInputs, spec: ExperimentSpec, cutoffs: [Cutoff]) {
    var stages = ["run": run]
    if let last = cutoffs.last {
      stages["cohort"] = inputs.entities(last)
      stages["label"] = inputs.labels(last)
    }
    for (index, feature) in spec.features.enumerated() {
      stages["feature \(feature.name.value)"] = inputs.feature(index)
    }
    for (offset, column) in spec.segmentColumns.enumerated() {
      stages["segment \(column.name.value)"] = inputs.feature(spec.features.count + offset)
    }
    self.stages = stages
  }

  private static func path(_ name: String, _ cache: Cache) -> String? {
    // Names of specs may contain characters that file names may not.
    cache.trace("\(Fingerprint.of(Data(name.utf8)).prefix(32)).json")
  }

  static func last(of name: String, _ cache: Cache) -> RunTrace? {
    guard let path = path(name, cache), let data = try? Files.read(path, followsLinks: false)
    else { return nil }
    return try? JSONDecoder().decode(RunTrace.self, from: data)
  }

  /// Stores the trace. Failures are ignored, because the trace serves only explanations.
  func keep(of name: String, _ cache: Cache) {
    guard let path = Self.path(name, cache), let data = try? JSONEncoder().encode(self) else {
      return
    }
    try? Files.makeFolder((path as NSString).deletingLastPathComponent)
    try? Files.write(data, to: path, onlyIfChanged: true, isSynced: false)
  }
}
