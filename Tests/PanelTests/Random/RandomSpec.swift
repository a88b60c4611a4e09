import HoldoutTestSupport
import Randomness

/// A random experiment on the tables of `RandomWorld`, written as a user would write it.
struct RandomSpec {
  private var generator: SplitMix64
  /// Few windows in one spec, as each takes the engine a query of its own.
  private var windows: [String] = []
  private(set) var yaml = ""

  private static let dates = [
    "customers.created", "customers.first_order", "customers.due", "customers.second_order",
    "profiles.joined", "history.moved",
  ]
  private static let flags = ["customers.named", "history.inactive"]
  private static let numbers = [
    "customers.size", "customers.score", "profiles.seats", "history.employees",
  ]
  private static let texts = [
    "customers.segment", "profiles.plan", "history.region", "history.email",
  ]
  private static let periods = [
    "1 day", "7 days", "45 days", "2 weeks", "1 month", "6 months", "1 year", "400 days",
  ]

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed &* 31 &+ 7)
    windows = (0..<2).map { _ in generator.pick(Self.periods) }
    var features: [String] = []
    for number in 0..<14 { features.append("f\(number): \(rowFeature())") }
    for number in 14..<24 { features.append("f\(number): \(aggregate())") }
    features += [
      "happened: {happened: customers.first_order}", "known: {present: history.email}",
      "score: {value: customers.score}", "small: {sum: [happened, known]}",
      "large: {sum: [known, score, happened]}", "calls: {count: calls}",
      "share: {ratio: [score, large]}", "per_call: {ratio: [large, calls, score]}",
      "rest: {difference: [score, small, known]}",
    ]
    yaml = document(features, rules: (0..<generator.number(0...3)).map { _ in rule(depth: 2) })
  }

  private mutating func rowFeature() -> String {
    let column = generator.pick(Self.dates + Self.flags + Self.numbers + Self.texts)
    switch generator.number(0...9) {
    case 0: return "{value: \(generator.pick(Self.numbers))}"
    case 1: return "{flag: \(generator.pick(Self.flags))}"
    case 2: return "{present: \(column)}"
    case 3: return "{happened: \(generator.pick(Self.dates))}"
    case 4: return "{days_since: \(generator.pick(Self.dates))}"
    case 5: return "{category: \(generator.pick(Self.texts + Self.flags + ["customers.size"]))}"
    case 6: return "{category: {sql: \"\(generator.pick(SlowSnippet.categories).sql)\"}}"
    case 7: return "{sql: \"\(generator.pick(SlowSnippet.numbers).sql)\"}"
    default: return "{sql: \"\(generator.pick(SlowSnippet.flags).sql)\", type: flag}"
    }
  }

  private mutating func aggregate() -> String {
    let source = generator.pick(["orders", "calls"])
    let numbers = source == "orders" ? ["amount", "quantity"] : ["minutes"]
    let others = source == "orders" ? ["product", "rush", "day"] : ["kind", "note"]
    let expression: String
    switch generator.number(0...8) {
    case 0, 1: expression = "count: \(source)"
    case 2: expression = "\(generator.pick(["days_since_last", "days_since_first"])): \(source)"
    case 3: expression = "distinct: \(source).\(generator.pick(numbers + others))"
    default:
      expression =
        generator.pick([
          "sum", "mean", "min", "max", "median", "stddev", "mode", "first", "last", "slope",
        ]) + ": \(source).\(generator.pick(numbers))"
    }
    let conditions = SlowSnippet.conditions[source] ?? []
    let condition =
      generator.oneIn(2) ? ", where: \"\(generator.pick(conditions).sql)\"" : ""
    let window =
      switch generator.number(0...4) {
      case 0: ""
      case 1: ", within: all"
      case 2: ", within: [\(windows[0]), all, 30 days, {from: 6 months, to: 45 days}]"
      default: ", within: \(generator.pick(windows))"
      }
    let newest = generator.oneIn(4) ? ", newest: \(generator.number(1...4))" : ""
    return "{\(expression)\(condition)\(window)\(newest)}"
  }

  private mutating func rule(depth: Int) -> String {
    switch generator.number(0...(depth > 0 ? 9 : 6)) {
    case 0: return "{happened: \(generator.pick(Self.dates))}"
    case 1: return "{flag: \(generator.pick(Self.flags))}"
    case 2:
      return "{present: \(generator.pick(Self.dates + Self.flags + Self.numbers + Self.texts))}"
    case 3:
      return "{in: {column: history.region, values: [North, South]}}"
    case 4: return "{in: {column: customers.size, values: [1, 5, 7, 12]}}"
    case 5: return "{sql: \"\(generator.pick(SlowSnippet.flags).sql)\"}"
    case 6: return count()
    case 7: return "{any: [\(rule(depth: depth - 1)), \(rule(depth: depth - 1))]}"
    case 8: return "{all: [\(rule(depth: depth - 1)), \(rule(depth: depth - 1))]}"
    default: return "{not: \(rule(depth: depth - 1))}"
    }
  }

  /// A rule on a number of events.
  private mutating func count() -> String {
    let source = generator.pick(["orders", "calls"])
    let conditions = SlowSnippet.conditions[source] ?? []
    let condition = generator.oneIn(2) ? ", where: \"\(generator.pick(conditions).sql)\"" : ""
    let period = generator.pick(Self.periods)
    let window = generator.pick([
      "", ", within: all", ", within: \(windows[0])", ", within: \(period)",
      ", within: {from: 6 months, to: 45 days}",
    ])
    let range = generator.pick([
      "at_least: 1", "at_least: 2", "at_most: 0", "at_most: 2", "at_least: 1, at_most: 2",
      "at_least: 0, at_most: 3",
    ])
    return "{count: \(source)\(condition)\(window), \(range)}"
  }

  private mutating func document(_ features: [String], rules: [String]) -> String {
    let duplicates =
      "\(generator.pick(["first", "last"]))"
      + generator.pick(["", ", order: [touched]", ", order: [size, touched]"])
    let label = generator.pick([
      "event: customers.first_order", "event: customers.second_order", "event: profiles.joined",
      "event: {source: calls}", "event: {source: orders, where: \"amount > 10\"}",
      "absent: {source: orders}", "absent: {source: calls, where: \"kind = 'call'\"}",
    ])
    let among = generator.pick([
      "", "", "", ", among: {source: orders}", ", among: {source: calls, where: \"kind = 'call'\"}",
    ])
    return """
      version: 1
      name: random
      data_through: 2024-12-31
      sources:
        customers: {parquet: customers.parquet, key: id, created: created, null_keys: drop,
          duplicates: \(duplicates), columns: {
          created: {type: date, class: event, formats: [iso, "%m/%d/%Y"]},
          first_order: {type: date, class: event}, second_order: {type: date, class: event},
          due: {type: date, class: static}, size: {type: integer, class: static},
          score: {type: number, class: static}, named: {type: flag, class: static},
          segment: {type: text, class: static}, touched: {type: date, class: current}}}
        profiles: {parquet: profiles.parquet, key: customer,
          \(generator.pick(["", "created: opened, "]))columns: {
          plan: {type: text, class: static}, seats: {type: integer, class: static},
          joined: {type: date, class: event}}}
        history: {parquet: history.parquet, key: id, valid_from: valid_from,
          valid_to: \(generator.pick(["valid_to", "{column: last_day, inclusive: true}"])),
          columns: {region: {type: text, json_field: value}, email: text, inactive: flag,
          employees: integer, moved: {type: date, class: event}}}
        orders: {parquet: orders.parquet, key: id, time: day, null_keys: drop, columns: {
          day: date, amount: number, product: text, quantity: integer, rush: flag}}
        calls: {parquet: calls.parquet, key: id, time: day, known_at: logged, null_keys: drop,
          columns: {minutes: integer, kind: text, note: date}}
      feature_sets:
        all:
      \(features.map { "    - \($0)" }.joined(separator: "\n"))
      cutoffs: {every: 10 days, train: 3, calibrate: 0, test: 1, embargo: none,
        month_arithmetic: \(generator.pick(["end_of_month", "clip"]))}
      cohort: {entity: customers, where: [\(rules.joined(separator: ", "))]}
      label: {\(label), horizon: \(generator.pick(Self.periods.dropLast().map(\.self)))\(among)}
      calibration: {method: none}
      features: [all]
      """
  }
}
