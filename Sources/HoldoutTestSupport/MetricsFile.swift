package import Foundation

/// A metrics.json taken apart: its text, and its numbers by path.
package struct MetricsFile {
  package let text: String
  /// Every number under the keys that lead to it, `test.pooled.roc_auc`.
  package private(set) var numbers: [String: Double] = [:]
  /// The paths of values that are neither numbers nor objects.
  package private(set) var others: [String] = []

  package init(_ data: Data) throws {
    text = String(decoding: data, as: UTF8.self)
    add(try JSONDecoder().decode(Value.self, from: data), at: "")
  }

  package subscript(path: String) -> Double? { numbers[path] }

  /// The keys directly below a path.
  package func keys(below path: String) -> Set<String> {
    Set(
      numbers.keys.filter { $0.hasPrefix(path + ".") }.compactMap { name in
        name.dropFirst(path.count + 1).split(separator: ".").first.map(String.init)
      })
  }

  private mutating func add(_ value: Value, at path: String) {
    switch value {
    case .number(let number): numbers[path] = number
    case .object(let entries):
      for (key, inner) in entries { add(inner, at: path.isEmpty ? key : "\(path).\(key)") }
    case .other: others.append(path)
    }
  }

  private enum Value: Decodable {
    case number(Double)
    case object([String: Value])
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let entries = try? container.decode([String: Value].self) {
        self = .object(entries)
      } else {
        self = .other
      }
    }
  }
}
