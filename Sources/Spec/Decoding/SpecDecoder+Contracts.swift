import Diagnostics
import YAML

extension SpecDecoder {
  mutating func decodeContracts(_ fields: Fields) -> [ContractSpec] {
    var contracts: [ContractSpec] = []
    for item in fields.items("expect") {
      guard let fields = Fields(item), let promise = promise(fields) else { continue }
      contracts.append(ContractSpec(promise: promise, span: item.span))
    }
    return contracts
  }

  private mutating func promise(_ fields: Fields) -> ContractSpec.Promise? {
    if fields.key("not_null") != nil { return .notNull(fields.texts("not_null")) }
    if fields.key("unique") != nil { return .unique(fields.texts("unique")) }
    if fields.key("no_future") != nil { return .noFuture(fields.texts("no_future")) }
    if let key = fields.key("row_count_between") {
      let counts = fields.items("row_count_between").compactMap(\.integer?.value)
      guard counts.count == 2, counts[0] <= counts[1] else {
        findings.append(.notARange(key))
        return nil
      }
      return .rowCount(counts[0]...counts[1])
    }
    guard let column = fields.text("column") else {
      let head = fields.mapping.entries.first {
        $0.key.value != "column" && SpecLanguage.contract.key($0.key.value) != nil
      }
      if let head, fields.key("column") == nil { findings.append(.contractWithoutColumn(head.key)) }
      return nil
    }
    return promise(fields, column: column)
  }

  private mutating func promise(
    _ fields: Fields, column: Located<String>
  ) -> ContractSpec.Promise? {
    if fields.key("accepted_values") != nil {
      return .acceptedValues(fields.texts("accepted_values").map(\.value), column: column)
    }
    if let key = fields.key("between") {
      let ends = fields.texts("between")
      let numbers = ends.compactMap { Double($0.value) }.filter(\.isFinite)
      let days = ends.compactMap { CalendarDate($0.value) }
      let isRising =
        (numbers.count == 2 && numbers[0] <= numbers[1]) || (days.count == 2 && days[0] <= days[1])
        || (numbers.isEmpty && days.isEmpty && ends.count == 2 && ends[0].value <= ends[1].value)
      guard ends.count == 2, isRising else {
        findings.append(.notARange(key))
        return nil
      }
      return .between(low: ends[0], high: ends[1], column: column)
    }
    if let pattern = fields.text("matches") { return .matches(pattern, column: column) }
    if let rate = fields.number("null_rate_below") { return .nullRateBelow(rate, column: column) }
    if let period = fields.period("fresh_within") { return .freshWithin(period, column: column) }
    if let other = fields.column("relationship") {
      // Whether the column exists is checked against the data: columns of contracts need not be
      // listed.
      let source = Located(other.value.source, at: other.span)
      if catalog.names.contains(source.value) {
        catalog.use(source.value)
      } else {
        findings.append(.unknownSource(source, known: Array(catalog.names)))
      }
      return .relationship(other, column: column)
    }
    return nil
  }
}

// Findings about contracts: H263 and H264.
extension Finding {
  static func notARange(_ key: Located<String>) -> Finding {
    Finding(
      263, "`\(key.value)` needs the lowest and the highest value, in this order", at: key.span,
      label: "write `\(key.value): [low, high]`",
      hints: ["both are numbers, both are days, or both are texts"])
  }

  static func contractWithoutColumn(_ key: Located<String>) -> Finding {
    Finding(
      264, "`\(key.value)` needs a column", at: key.span,
      label: "add `column: NAME`")
  }
}

extension Explanation {
  static let specDecoderContractsFindings: [Explanation] = [
    Explanation(
      263, "not a range",
      cause: """
        A range has two ends, the lowest value first. With the ends swapped, no data could satisfy \
        it; with one end, the other is unknown.
        """,
      example: .spec("sources: {customers: {expect: [«row_count_between»: [1000, 10]]}}"),
      fix: "Write the lowest and the highest value, in this order: `[10, 1000]`."),
    Explanation(
      264, "contract without a column",
      cause: "This contract checks the values of one column, and it does not say which.",
      example: .spec("sources: {customers: {expect: [«between»: [0, 100]]}}"),
      fix: "Add `column: NAME` next to it."),
  ]
}
