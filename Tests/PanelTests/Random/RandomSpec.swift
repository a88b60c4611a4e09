import HoldoutTestSupport
import Randomness

/// A random experiment on the tables of `RandomWorld`, written as a user would write it.
struct RandomSpec {
  private var generator: SplitMix64
  private let hasParents: Bool
  /// Few windows in one spec, as each takes the engine a query of its own.
  private var windows: [String] = []
  private(set) var yaml = ""

  private var dates = [
    "customers.created", "customers.first_order", "customers.due", "customers.second_order",
    "profiles.joined", "history.moved",
  ]
  private let flags = ["customers.named", "history.inactive"]
  private var numbers = [
    "customers.size", "customers.score", "profiles.seats", "history.employees",
  ]
  private var texts = [
    "customers.segment", "profiles.plan", "history.region", "history.email",
  ]
  private var eventSources = ["orders", "calls"]
  private var numberSnippets = SlowSnippet.numbers
  private var flagSnippets = SlowSnippet.flags
  private var categorySnippets = SlowSnippet.categories
  private var conditions = SlowSnippet.conditions
  /// The columns with the keys of accounts by which these, and deals, are found.
  private var keys = (accounts: "", deals: "")
  private static let periods = [
    "1 day", "7 days", "45 days", "2 weeks", "1 month", "6 months", "1 year", "400 days",
  ]

  /// - Parameter parents: whether features and rules read accounts, regions and deals through columns
  ///   with their keys.
  init(seed: UInt64, parents: Bool = false) {
    hasParents = parents
    generator = SplitMix64(seed: seed &* 31 &+ 7)
    if parents {
      dates += ["accounts.signed", "accounts.signed", "accounts.opened"]
      numbers += ["accounts.quota", "regions.target", "accounts.quota", "regions.target"]
      texts += [
        "accounts.tier", "accounts.region", "regions.manager", "customers.account",
        "history.branch",
      ]
      eventSources += ["deals", "deals"]
      numberSnippets += SlowSnippet.parentNumbers
      flagSnippets += SlowSnippet.parentFlags
      categorySnippets += SlowSnippet.parentCategories
      keys.accounts = generator.pick(Self.accountKeys)
      keys.deals = generator.pick([keys.accounts] + Self.accountKeys + ["accounts.parent"])
      for source in ["orders", "calls"] + (keys.deals == keys.accounts ? ["deals"] : []) {
        conditions[source, default: []] += SlowSnippet.parentConditions
      }
    }
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
    for number in 0..<3 { features.append("over\(number): \(overFeatures())") }
    yaml = document(features, rules: (0..<generator.number(0...3)).map { _ in rule(depth: 2) })
  }

  private mutating func rowFeature() -> String {
    let column = generator.pick(dates + flags + numbers + texts)
    switch generator.number(0...9) {
    case 0: return "{value: \(generator.pick(numbers))}"
    case 1: return "{flag: \(generator.pick(flags))}"
    case 2: return "{present: \(column)}"
    case 3: return "{happened: \(generator.pick(dates))}"
    case 4: return "{days_since: \(generator.pick(dates))}"
    case 5: return "{category: \(generator.pick(texts + flags + ["customers.size"]))}"
    case 6: return "{category: {sql: \"\(generator.pick(categorySnippets).sql)\"}}"
    case 7: return "{sql: \"\(generator.pick(numberSnippets).sql)\"}"
    default: return "{sql: \"\(generator.pick(flagSnippets).sql)\", type: flag}"
    }
  }

  private mutating func overFeatures() -> String {
    switch generator.number(0...3) {
    case 0:
      return "{sql: \"\(generator.pick(SlowSnippet.categoriesOverFeatures).sql)\", type: category}"
    case 1: return "{sql: \"\(generator.pick(SlowSnippet.flagsOverFeatures).sql)\", type: flag}"
    default: return "{sql: \"\(generator.pick(SlowSnippet.overFeatures).sql)\"}"
    }
  }

  private mutating func aggregate() -> String {
    let source = generator.pick(eventSources)
    let (numbers, others) =
      switch source {
      case "orders": (["amount", "quantity"], ["product", "rush", "day"])
      case "calls": (["minutes"], ["kind", "note"])
      default: (["worth", "seats"], ["stage"])
      }
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
    let conditions = conditions[source] ?? []
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
    case 0: return "{happened: \(generator.pick(dates))}"
    case 1: return "{flag: \(generator.pick(flags))}"
    case 2:
      return "{present: \(generator.pick(dates + flags + numbers + texts))}"
    case 3:
      return "{in: {column: history.region, values: [North, South]}}"
    case 4: return "{in: {column: customers.size, values: [1, 5, 7, 12]}}"
    case 5: return "{sql: \"\(generator.pick(flagSnippets).sql)\"}"
    case 6: return count()
    case 7: return "{any: [\(rule(depth: depth - 1)), \(rule(depth: depth - 1))]}"
    case 8: return "{all: [\(rule(depth: depth - 1)), \(rule(depth: depth - 1))]}"
    default: return "{not: \(rule(depth: depth - 1))}"
    }
  }

  /// The sources that others refer to, and the columns that do.
  private mutating func parents() -> String {
    """
      accounts: {parquet: accounts.parquet, key: number,
        \(generator.pick(["", "created: opened, "]))columns: {
        opened: {type: date, class: event}, tier: {type: text, class: static},
        quota: {type: integer, class: static}, signed: {type: date, class: event},
        region: {type: text, class: static}, parent: {type: text, class: static}}}
      regions: {parquet: regions.parquet, key: code, valid_from: since, valid_to: until,
        columns: {manager: text, target: integer}}
      deals: {parquet: deals.parquet, key: account, time: day,
        \(generator.pick(["", "known_at: logged, "]))null_keys: drop,
        columns: {worth: number, stage: text, seats: integer}}
    references:
      regions.code: accounts.region
      deals.account: \(keys.deals)
      accounts.number: \(keys.accounts)

    """
  }

  private static let accountKeys = [
    "customers.account", "history.branch", "customers.account_number",
  ]

  /// A rule on a number of events.
  private mutating func count() -> String {
    let source = generator.pick(eventSources)
    let conditions = conditions[source] ?? []
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
    let account =
      hasParents
      ? ", account: {type: text, class: static}, account_number: {type: integer, class: static}"
      : ""
    let branch = hasParents ? ", branch: text" : ""
    let others = hasParents ? parents() : ""
    let hasClock = generator.oneIn(2)
    let zones = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata"]
    let ends = ["00:00", "01:30", "02:30", "06:00", "12:00"]
    let clock =
      hasClock
      ? "day: {time_zone: \(generator.pick(zones)), ends_at: \"\(generator.pick(ends))\"}" : ""
    func written() -> String {
      hasClock && generator.oneIn(2) ? "time_zone: \(generator.pick(zones)), " : ""
    }
    let ignored = hasClock && generator.oneIn(3) ? ", time_of_day: ignored" : ""
    // Versions that start on neighboring days would start on the same one by some clocks.
    let start = hasClock ? "valid_from: {type: date, time_of_day: ignored}, " : ""
    return """
      version: 1
      name: random
      data_through: 2024-12-31
      \(clock)
      sources:
        customers: {parquet: customers.parquet, key: id, created: created, null_keys: drop,
          \(written())
          duplicates: \(duplicates), columns: {
          created: {type: date, class: event, formats: [iso, "%m/%d/%Y"]},
          first_order: {type: date, class: event\(ignored)},
          second_order: {type: date, class: event},
          due: {type: date, class: static}, size: {type: integer, class: static},
          score: {type: number, class: static}, named: {type: flag, class: static},
          segment: {type: text, class: static}, touched: {type: date, class: current}\(account)}}
        profiles: {parquet: profiles.parquet, key: customer, \(written())
          \(generator.pick(["", "created: opened, "]))columns: {
          plan: {type: text, class: static}, seats: {type: integer, class: static},
          joined: {type: date, class: event}}}
        history: {parquet: history.parquet, key: id, valid_from: valid_from,
          valid_to: \(generator.pick(["valid_to", "{column: last_day, inclusive: true}"])),
          columns: {\(start)region: {type: text, json_field: value}, email: text, inactive: flag,
          employees: integer, moved: {type: date, class: event}\(branch)}}
        orders: {parquet: orders.parquet, key: id, time: day, null_keys: drop, \(written())columns: {
          day: date, amount: number, product: text, quantity: integer, rush: flag}}
        calls: {parquet: calls.parquet, key: id, time: day, known_at: logged, null_keys: drop,
          \(written())
          columns: {minutes: integer, kind: text, note: date}}
      \(others)feature_sets:
        all:
      \(features.map { "    - \($0)" }.joined(separator: "\n"))
        read_by_others:
          - area: {category: history.region}
          - kind: {category: {sql: "case when customers.size > 10 then ' big ' else '  ' end"}}
          - big: {sql: "customers.size > 10", type: flag}
          - activity: {sum: [known, calls, busy]}
          - busy: {count: orders, within: \(windows[0])}
          - twice: {sql: "features.activity * 2"}
      cutoffs: {every: 10 days, train: 3, calibrate: 0, test: 1, embargo: none,
        month_arithmetic: \(generator.pick(["end_of_month", "clip"]))}
      cohort: {entity: customers, where: [\(rules.joined(separator: ", "))]}
      label: {\(label), horizon: \(generator.pick(Self.periods.dropLast().map(\.self)))\(among)}
      calibration: {method: none}
      features: [all]
      \(evaluation())
      """
  }

  private mutating func evaluation() -> String {
    let cluster = generator.pick([
      "", "cluster: customers.segment, ", "cluster: customers.size, ",
    ])
    let columns = flags + numbers + texts
    var segments: [String] = []
    for _ in 0..<generator.number(0...4) {
      let column = generator.pick(columns)
      if !segments.contains(column) { segments.append(column) }
    }
    return "evaluation: {\(cluster)segments: [\(segments.joined(separator: ", "))]}"
  }
}
