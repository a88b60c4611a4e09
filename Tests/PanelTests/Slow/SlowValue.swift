/// A value of a declared type, in the slow implementation.
enum SlowValue: Hashable, Sendable {
  case null
  case text(String)
  case number(Double)
  case flag(Bool)
  /// Days since 1970-01-01.
  case day(Int)

  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  var day: Int? { if case .day(let day) = self { day } else { nil } }
  var isNull: Bool { self == .null }

  init(_ number: Double?) { self = number.map { .number($0) } ?? .null }
  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  init(_ flag: Bool?) { self = flag.map { .flag($0) } ?? .null }

  /// Whether this comes before another value of the same type; neither is null.
  func precedes(_ other: SlowValue) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.number(let left), .number(let right)): left < right
    case (.day(let left), .day(let right)): left < right
    case (.flag(let left), .flag(let right)): !left && right
    default: false
    }
  }
}
