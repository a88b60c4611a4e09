internal import Crypto
internal import Foundation

/// The inputs that decide what a piece of work yields, each with a name, and the key that follows from
/// them: equal keys, equal results.
struct CacheInputs: Codable, Hashable, Sendable {
  struct Input: Codable, Hashable, Sendable {
    let name: String
    let value: String
  }

  /// What sort of work it is.
  let kind: String
  private(set) var inputs: [Input] = []

  init(_ kind: String) { self.kind = kind }

  /// Adds an input. Of a long text the SHA-256 stands for it.
  mutating func add(_ name: String, _ value: String) {
    let short = value.utf8.count <= 80 ? value : "sha256:\(Fingerprint.of(Data(value.utf8)))"
    inputs.append(Input(name: name, value: short))
  }

  func adding(_ name: String, _ value: String) -> CacheInputs {
    var inputs = self
    inputs.add(name, value)
    return inputs
  }

  /// SHA-256 of kind and inputs, in lower-case hexadecimal digits.
  var key: String {
    var hash = SHA256()
    // Lengths first, so that no two lists give the same bytes.
    for text in [kind] + inputs.flatMap({ [$0.name, $0.value] }) {
      hash.update(data: Data("\(text.utf8.count):".utf8))
      hash.update(data: Data(text.utf8))
    }
    return hash.finalize().hexadecimal
  }

  /// The name of the first input that is another than it was; nil where all are the same.
  /// - Parameter ignored: an input that may be another.
  func firstDifference(from former: CacheInputs?, but ignored: String? = nil) -> String? {
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
