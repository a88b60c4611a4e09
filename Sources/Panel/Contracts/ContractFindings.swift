internal import Diagnostics
internal import Foundation
internal import Spec

/// How rows break a promise.
enum ContractBreach {
  case null(Located<String>)
  case outside(Located<String>, String)
  case repeated([Located<String>])
}

// Findings about promises: H320 to H322.
extension Finding {
  static func broken(
    _ contract: ContractSpec, _ source: SourceSpec, _ breach: ContractBreach, failing: Int,
    of examined: Int, _ examples: [String]
  ) -> Finding {
    let table = "`\(source.name.value)`"
    let rows = "\(failing) of \(examined) rows of \(table)"
    let message =
      switch breach {
      case .null(let name): "\(rows) have no `\(name.value)`"
      case .outside(let name, let how): "\(rows) hold a `\(name.value)` that is \(how)"
      case .repeated(let names):
        "\(failing) \(failing == 1 ? "value" : "values") of "
          + names.map { "`\($0.value)`" }.joined(separator: ", ")
          + " \(failing == 1 ? "stands" : "stand") more than once in \(table)"
      }
    return Finding(
      320, message, at: contract.span, label: "this is promised",
      notes: ["for instance \(examples.joined(separator: ", "))"], hints: [mend])
  }

  static func nullRate(
    _ contract: ContractSpec, _ source: SourceSpec, _ column: String, _ rate: Double,
    _ limit: Double
  ) -> Finding {
    let share = String(format: "%.4g", rate * 100)
    return Finding(
      320, "\(share) % of the rows of `\(source.name.value)` have no `\(column)`",
      at: contract.span, label: "below \(String(format: "%.4g", limit * 100)) % is promised",
      hints: [mend])
  }

  static func rowCount(
    _ contract: ContractSpec, _ source: SourceSpec, _ count: Int, _ range: ClosedRange<Int>
  ) -> Finding {
    Finding(
      320, "`\(source.name.value)` has \(count) rows", at: contract.span,
      label: "\(range.lowerBound) to \(range.upperBound) are promised", hints: [mend])
  }

  static func stale(
    _ contract: ContractSpec, _ source: SourceSpec, _ column: String, _ latest: CalendarDate,
    _ through: CalendarDate, _ period: Period
  ) -> Finding {
    Finding(
      320,
      "the latest `\(column)` of `\(source.name.value)` is \(latest), "
        + "\(through.days - latest.days) days before data_through",
      at: contract.span, label: "at most \(period) is promised", hints: [mend])
  }

  static func nothingExamined(_ contract: ContractSpec, _ source: SourceSpec) -> Finding {
    Finding(
      321, "the promise examined no row of `\(source.name.value)`", at: contract.span,
      label: "every value is null, or there is no row",
      hints: ["check the column; a promise about nothing is never kept"])
  }

  static func cannotCheck(_ contract: ContractSpec, _ reason: String) -> Finding {
    let line = reason.split(separator: "\n").first.map(String.init) ?? reason
    return Finding(
      322, "this promise cannot be checked: \(line)", at: contract.span,
      hints: ["mend it, or take it out"])
  }

  private static let mend = "mend the data, or change the promise under `expect`"
}
