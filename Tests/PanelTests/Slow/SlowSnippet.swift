/// A piece of free SQL, and what it means, written a second time by hand.
struct SlowSnippet: Sendable {
  /// What an expression sees: a column by name, and the cutoff.
  struct Scope {
    let cutoff: Int
    let column: (String) -> SlowValue
  }

  let sql: String
  let meaning: @Sendable (Scope) -> SlowValue

  /// SQL's `or`.
  private static func or(_ left: Bool?, _ right: Bool?) -> Bool? {
    if left == true || right == true { return true }
    return left == nil || right == nil ? nil : false
  }

  private static func and(_ left: Bool?, _ right: Bool?) -> Bool? {
    if left == false || right == false { return false }
    return left == nil || right == nil ? nil : true
  }

  static let numbers: [SlowSnippet] = [
    SlowSnippet(sql: "customers.size + 1") {
      SlowValue($0.column("customers.size").number.map { $0 + 1 })
    },
    SlowSnippet(sql: "coalesce(customers.score, -1) * 2") {
      .number(($0.column("customers.score").number ?? -1) * 2)
    },
    SlowSnippet(sql: "length(history.region)") {
      SlowValue($0.column("history.region").text.map { Double($0.unicodeScalars.count) })
    },
    SlowSnippet(sql: "coalesce(profiles.seats, 0) - customers.size") { scope in
      SlowValue(
        scope.column("customers.size").number
          .map { (scope.column("profiles.seats").number ?? 0) - $0 })
    },
    SlowSnippet(sql: "customers.first_order - customers.created") { scope in
      guard let order = scope.column("customers.first_order").day,
        let created = scope.column("customers.created").day
      else { return .null }
      return .number(Double(order - created))
    },
    SlowSnippet(sql: "cutoff - customers.created") { scope in
      SlowValue(scope.column("customers.created").day.map { Double(scope.cutoff - $0) })
    },
  ]

  static let flags: [SlowSnippet] = [
    SlowSnippet(sql: "customers.size > 10") {
      SlowValue($0.column("customers.size").number.map { $0 > 10 })
    },
    SlowSnippet(sql: "history.region = 'North' or customers.segment is null") { scope in
      SlowValue(
        or(
          scope.column("history.region").text.map { $0 == "North" },
          scope.column("customers.segment").isNull))
    },
    SlowSnippet(sql: "customers.first_order is null") {
      .flag($0.column("customers.first_order").isNull)
    },
    SlowSnippet(sql: "history.employees is null and customers.named") { scope in
      SlowValue(and(scope.column("history.employees").isNull, scope.column("customers.named").flag))
    },
    SlowSnippet(sql: "customers.due > cutoff -- a comment at the end") { scope in
      SlowValue(scope.column("customers.due").day.map { $0 > scope.cutoff })
    },
  ]

  static let categories: [SlowSnippet] = [
    SlowSnippet(sql: "coalesce(history.region, customers.segment, 'none')") { scope in
      .text(
        scope.column("history.region").text ?? scope.column("customers.segment").text ?? "none")
    },
    SlowSnippet(sql: "case when customers.size > 10 then ' big ' else '  ' end") { scope in
      (scope.column("customers.size").number ?? 0) > 10 ? .text("big") : .null
    },
  ]

  /// The same over accounts and their regions.
  static let parentNumbers: [SlowSnippet] = [
    SlowSnippet(sql: "accounts.quota + 1") {
      SlowValue($0.column("accounts.quota").number.map { $0 + 1 })
    },
    SlowSnippet(sql: "coalesce(regions.target, 0) - coalesce(accounts.quota, 0)") { scope in
      .number(
        (scope.column("regions.target").number ?? 0) - (scope.column("accounts.quota").number ?? 0))
    },
    SlowSnippet(sql: "accounts.signed - customers.created") { scope in
      guard let signed = scope.column("accounts.signed").day,
        let created = scope.column("customers.created").day
      else { return .null }
      return .number(Double(signed - created))
    },
  ]

  static let parentFlags: [SlowSnippet] = [
    SlowSnippet(sql: "accounts.tier = 'gold' or regions.manager is null") { scope in
      SlowValue(
        or(
          scope.column("accounts.tier").text.map { $0 == "gold" },
          scope.column("regions.manager").isNull))
    },
    SlowSnippet(sql: "accounts.signed is null") { .flag($0.column("accounts.signed").isNull) },
  ]

  static let parentCategories: [SlowSnippet] = [
    SlowSnippet(sql: "coalesce(regions.manager, accounts.tier, 'none')") { scope in
      .text(scope.column("regions.manager").text ?? scope.column("accounts.tier").text ?? "none")
    }
  ]

  /// SQL over the features of `RandomSpec` that have a name of their own.
  static let overFeatures: [SlowSnippet] = [
    SlowSnippet(sql: "features.calls - 2 * features.known") { scope in
      let known = scope.column("features.known").number ?? 0
      return SlowValue(scope.column("features.calls").number.map { $0 - 2 * known })
    },
    SlowSnippet(sql: "coalesce(features.share, -1) + coalesce(customers.size, 0)") { scope in
      .number(
        (scope.column("features.share").number ?? -1)
          + (scope.column("customers.size").number ?? 0))
    },
    SlowSnippet(sql: "features.twice + features.rest -- of two levels") { scope in
      guard let twice = scope.column("features.twice").number,
        let rest = scope.column("features.rest").number
      else { return .null }
      return .number(twice + rest)
    },
    SlowSnippet(sql: "features.activity * 2") { scope in
      SlowValue(scope.column("features.activity").number.map { $0 * 2 })
    },
  ]

  static let flagsOverFeatures: [SlowSnippet] = [
    SlowSnippet(sql: "features.score > 3 and features.happened = 1") { scope in
      SlowValue(
        and(
          scope.column("features.score").number.map { $0 > 3 },
          scope.column("features.happened").number.map { $0 == 1 }))
    },
    SlowSnippet(sql: "features.big or features.known") { scope in
      SlowValue(
        or(
          scope.column("features.big").number.map { $0 != 0 },
          scope.column("features.known").number.map { $0 != 0 }))
    },
  ]

  static let categoriesOverFeatures: [SlowSnippet] = [
    SlowSnippet(sql: "features.area || case when features.calls > 1 then ' many' else ' ' end") {
      scope in
      let suffix = (scope.column("features.calls").number ?? 0) > 1 ? " many" : ""
      return SlowValue(scope.column("features.area").text.map { $0 + suffix })
    },
    SlowSnippet(sql: "coalesce(features.area, features.kind, history.region)") { scope in
      SlowValue(
        scope.column("features.area").text ?? scope.column("features.kind").text
          ?? scope.column("history.region").text)
    },
  ]

  /// Conditions on the rows of each event source.
  static let conditions: [String: [SlowSnippet]] = [
    "orders": [
      SlowSnippet(sql: "amount > 10") { SlowValue($0.column("amount").number.map { $0 > 10 }) },
      SlowSnippet(sql: "product = 'bolt' and quantity >= 2") { scope in
        SlowValue(
          and(
            scope.column("product").text.map { $0 == "bolt" },
            scope.column("quantity").number.map { $0 >= 2 }))
      },
      SlowSnippet(sql: "day > cutoff - 40") { scope in
        SlowValue(scope.column("day").day.map { $0 > scope.cutoff - 40 })
      },
      SlowSnippet(sql: "not orders.rush") { SlowValue($0.column("rush").flag.map { !$0 }) },
      SlowSnippet(sql: "history.region = 'North'") {
        SlowValue($0.column("history.region").text.map { $0 == "North" })
      },
      SlowSnippet(sql: "history.employees is null or quantity > history.employees") { scope in
        let (own, other) = (
          scope.column("quantity").number, scope.column("history.employees").number
        )
        return SlowValue(or(other == nil, own.flatMap { own in other.map { own > $0 } }))
      },
      SlowSnippet(sql: "customers.first_order is null and customers.segment = 'retail'") { scope in
        SlowValue(
          and(
            scope.column("customers.first_order").isNull,
            scope.column("customers.segment").text.map { $0 == "retail" }))
      },
      SlowSnippet(sql: "history.moved is not null or profiles.seats > 20") { scope in
        SlowValue(
          or(
            !scope.column("history.moved").isNull,
            scope.column("profiles.seats").number.map { $0 > 20 }))
      },
    ],
    "calls": [
      SlowSnippet(sql: "kind = 'call'") { SlowValue($0.column("kind").text.map { $0 == "call" }) },
      SlowSnippet(sql: "minutes is null or note <= cutoff") { scope in
        SlowValue(
          or(scope.column("minutes").isNull, scope.column("note").day.map { $0 <= scope.cutoff }))
      },
      SlowSnippet(sql: "history.inactive or kind = 'visit'") { scope in
        SlowValue(
          or(scope.column("history.inactive").flag, scope.column("kind").text.map { $0 == "visit" })
        )
      },
      SlowSnippet(sql: "profiles.joined is null and history.email is not null") { scope in
        SlowValue(
          and(scope.column("profiles.joined").isNull, !scope.column("history.email").isNull))
      },
    ],
    "deals": [
      SlowSnippet(sql: "stage = 'won'") { SlowValue($0.column("stage").text.map { $0 == "won" }) },
      SlowSnippet(sql: "worth > 5 or seats is null") { scope in
        SlowValue(
          or(scope.column("worth").number.map { $0 > 5 }, scope.column("seats").isNull))
      },
    ],
  ]

  /// The same over accounts and their regions, as of the day of the event.
  static let parentConditions: [SlowSnippet] = [
    SlowSnippet(sql: "accounts.tier = 'gold'") {
      SlowValue($0.column("accounts.tier").text.map { $0 == "gold" })
    },
    SlowSnippet(sql: "regions.manager = 'Ada' or accounts.signed is null") { scope in
      SlowValue(
        or(
          scope.column("regions.manager").text.map { $0 == "Ada" },
          scope.column("accounts.signed").isNull))
    },
    SlowSnippet(sql: "regions.target > 40") {
      SlowValue($0.column("regions.target").number.map { $0 > 40 })
    },
  ]

  private static let all: [String: SlowSnippet] = Dictionary(
    uniqueKeysWithValues: (numbers + flags + categories + overFeatures + flagsOverFeatures
      + categoriesOverFeatures + parentNumbers + parentFlags
      + parentCategories + parentConditions + conditions.values.flatMap(\.self)).map {
        ($0.sql, $0)
      })

  /// The value of a piece of SQL.
  static func value(_ sql: String, _ scope: Scope) -> SlowValue {
    guard let snippet = all[sql] else { preconditionFailure("no meaning is known of \(sql)") }
    return snippet.meaning(scope)
  }
}
