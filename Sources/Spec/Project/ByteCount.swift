internal import Foundation

/// A size as people write it: `20GB`, `512 MB`, `1.5TB`; units are powers of 1,000.
public struct ByteCount: Equatable, Sendable {
  public let bytes: Int

  private static let units: [(name: String, bytes: Double)] = [
    ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1),
  ]

  /// nil for any other text.
  public init?(_ text: String) {
    let text = text.uppercased().filter { $0 != " " }
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }),
      let number = Double(text.dropLast(unit.name.count)), number >= 0,
      number * unit.bytes < 1e18
    else { return nil }
    bytes = Int(number * unit.bytes)
  }

  /// A number of bytes for people.
  public static func text(_ bytes: Int) -> String {
    let unit = units.first { Double(bytes) >= $0.bytes } ?? ("B", 1)
    let number = (Double(bytes) / unit.bytes * 10).rounded() / 10
    return "\(number == number.rounded() ? String(Int(number)) : String(number)) \(unit.name)"
  }
}
