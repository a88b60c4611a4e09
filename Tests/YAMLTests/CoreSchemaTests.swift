import Testing
import YAML

@Suite("Scalars are resolved by YAML 1.2's core schema")
struct CoreSchemaTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var written: String
    var value: Scalar.Value
    init(_ written: String, _ value: Scalar.Value) {
      self.written = written
      self.value = value
    }
    var testDescription: String { "`\(written)` is \(value)" }
  }

  static let cases: [Case] = [
    Case("010", .integer(10)), Case("0o10", .integer(8)), Case("0x1F", .integer(31)),
    Case("0", .integer(0)), Case("-7", .integer(-7)), Case("+7", .integer(7)),
    Case("9223372036854775807", .integer(.max)), Case("-9223372036854775808", .integer(.min)),
    Case("9223372036854775808", .float(9_223_372_036_854_775_808)),
    Case("0xFFFFFFFFFFFFFFFFF", .float(295_147_905_179_352_825_856)),
    Case("0o8", .string("0o8")), Case("0xG", .string("0xG")), Case("0x", .string("0x")),
    Case("0x-1", .string("0x-1")), Case("-0x1", .string("-0x1")), Case("+", .string("+")),
    Case("1_000", .string("1_000")), Case("0b1", .string("0b1")),
    Case("1e3", .float(1000)), Case("1E+3", .float(1000)), Case("-2.5e-1", .float(-0.25)),
    Case(".5", .float(0.5)), Case("1.", .float(1)), Case("1.e1", .float(10)),
    Case("+.5", .float(0.5)), Case(".", .string(".")), Case(".e1", .string(".e1")),
    Case(String(repeating: "1", count: 1_001), .string(String(repeating: "1", count: 1_001))),
    Case("1e", .string("1e")), Case("e1", .string("e1")), Case("1.2.3", .string("1.2.3")),
    Case("0.1", .float(0.1)), Case("1e400", .float(.infinity)),
    Case(".inf", .float(.infinity)), Case("-.inf", .float(-.infinity)),
    Case("+.INF", .float(.infinity)), Case("inf", .string("inf")), Case("nan", .string("nan")),
    Case("~", .null), Case("null", .null), Case("Null", .null), Case("NULL", .null),
    Case("nULL", .string("nULL")), Case("", .null),
    Case("true", .bool(true)), Case("True", .bool(true)), Case("TRUE", .bool(true)),
    Case("false", .bool(false)), Case("tRue", .string("tRue")),
    Case("no", .string("no")), Case("yes", .string("yes")), Case("on", .string("on")),
    Case("y", .string("y")), Case("1:30", .string("1:30")),
    Case("2025-09-18", .string("2025-09-18")), Case("6 months", .string("6 months")),
    Case("'010'", .string("010")), Case("\"1e3\"", .string("1e3")), Case("'true'", .string("true")),
    Case("'~'", .string("~")), Case("''", .string("")), Case("１２", .string("１２")),
    Case("!!str 010", .string("010")), Case("! 010", .string("010")),
    Case("!!int '12'", .integer(12)), Case("!!float 3", .float(3)), Case("!!null ''", .null),
    Case("!!bool 'true'", .bool(true)), Case("!!str", .string("")),
  ]

  @Test("each way of writing gives its value", arguments: cases)
  func resolves(_ example: Case) throws {
    let node = try parse("key: \(example.written)\n")
    #expect(node.mapping?["key"]?.scalar?.value == example.value)
  }

  @Test("`.nan` in its three spellings is not a number")
  func notANumber() throws {
    for written in [".nan", ".NaN", ".NAN"] {
      guard case .float(let number)? = try parse("- \(written)").sequence?.first?.scalar?.value
      else {
        Issue.record("\(written) is no float")
        continue
      }
      #expect(number.isNaN)
    }
  }

  @Test("blocks are text even when they look like a number")
  func blocks() throws {
    #expect(try parse("a: |-\n  12\n").mapping?["a"]?.scalar?.value == .string("12"))
    #expect(try parse("a: >-\n  true\n").mapping?["a"]?.scalar?.value == .string("true"))
  }

  @Test("kinds have names that a person understands")
  func kindNames() throws {
    let node = try parse("[[], {}, text, 1, 1.5, true, ~]")
    #expect(
      node.sequence?.map(\.kindName) == [
        "a list", "a map", "text", "a whole number", "a number", "true/false", "nothing",
      ])
  }
}
