import HoldoutTestSupport
import Randomness
import Spec

/// Tables of which a column of `RandomWorld` has the keys: accounts, their regions in versions, and
/// deals of accounts. Its draws are its own, so that a world without it stays as it is.
struct RandomParents {
  private var texts: RandomTexts
  private(set) var days: Set<Int> = []
  private let accounts: [String]
  private static let regions = ["1", "02", "R3"]

  init(seed: UInt64) {
    texts = RandomTexts(generator: SplitMix64(seed: seed &* 97 &+ 13))
    let count = texts.generator.number(2...6)
    accounts = (0..<count).map { ["\($0 + 12)", "B\($0)", "b\($0)", "0\($0 + 12)"][$0 % 4] }
  }

  /// Adds the columns with the keys of accounts to the tables that refer to them.
  mutating func extend(_ table: inout RawTable) {
    switch table.name {
    case "customers":
      table.columns += [("account", "VARCHAR"), ("account_number", "VARCHAR")]
      for row in table.rows.indices { table.rows[row] += [account(), number()] }
    case "history":
      table.columns.append(("branch", "VARCHAR"))
      for row in table.rows.indices { table.rows[row].append(account()) }
    default: break
    }
  }

  mutating func tables() -> [RawTable] { [accountTable(), regionTable(), deals()] }

  private mutating func day() -> Int {
    let day =
      RandomWorld.first + texts.generator.number(0...52) * 21 + texts.generator.number(0...1)
    days.insert(day)
    return day
  }

  private mutating func maybe(_ cell: (inout RandomParents) -> RawCell) -> RawCell {
    texts.generator.oneIn(4) ? .null : cell(&self)
  }

  /// A key of an account, sometimes one that no account has, sometimes none.
  private mutating func account() -> RawCell {
    switch texts.generator.number(0...9) {
    case 0: .text("nobody")
    case 1: texts.generator.pick([.null, .text(""), .text("  "), .text(".0")])
    default: texts.key(texts.generator.pick(accounts))
    }
  }

  /// A key of an account as a whole number, sometimes one that no account has, sometimes none.
  private mutating func number() -> RawCell {
    texts.generator.pick([
      .null, .text("12"), .text("12.0"), .text(" 12 "), .text("16"), .text("16.0"), .text("99"),
    ])
  }

  /// Most accounts once; the first is of the first day.
  private mutating func accountTable() -> RawTable {
    var table = RawTable(
      name: "accounts",
      columns: [
        ("number", "VARCHAR"), ("opened", "DATE"), ("tier", "VARCHAR"), ("quota", "INTEGER"),
        ("signed", "DATE"), ("region", "VARCHAR"), ("parent", "VARCHAR"),
      ])
    for (index, key) in (accounts + ["other"]).enumerated()
    where index == 0 || !texts.generator.oneIn(5) {
      table.rows.append([
        texts.key(key), index == 0 ? .day(RandomWorld.first) : maybe { .day($0.day()) },
        texts.word(["gold", "basic"]), maybe { .integer($0.texts.generator.number(0...9)) },
        maybe { .day($0.day()) }, region(), account(),
      ])
    }
    return table
  }

  private mutating func region() -> RawCell {
    texts.generator.oneIn(5)
      ? .text("none")
      : maybe { world in
        let key = world.texts.generator.pick(Self.regions)
        return world.texts.key(key)
      }
  }

  /// Versions of each region, some with gaps behind them.
  private mutating func regionTable() -> RawTable {
    var table = RawTable(
      name: "regions",
      columns: [
        ("code", "VARCHAR"), ("since", "DATE"), ("until", "DATE"), ("manager", "VARCHAR"),
        ("target", "INTEGER"),
      ])
    for (index, key) in Self.regions.enumerated() {
      let starts = Set((0..<texts.generator.number(1...4)).map { _ in day() })
      let sorted = (index == 0 ? starts.union([RandomWorld.first]) : starts).sorted()
      for (number, start) in sorted.enumerated() {
        let next = number + 1 < sorted.count ? sorted[number + 1] : nil
        let end = texts.generator.oneIn(4) ? ((next ?? start + 60) + start) / 2 : next
        if let end { days.insert(end) }
        table.rows.append([
          texts.key(key), .day(start), end.map { .day($0) } ?? .null, texts.word(["Ada", "Bo"]),
          maybe { .integer($0.texts.generator.number(0...99)) },
        ])
      }
    }
    return table
  }

  private mutating func deals() -> RawTable {
    var table = RawTable(
      name: "deals",
      columns: [
        ("account", "VARCHAR"), ("day", "DATE"), ("logged", "TIMESTAMP"), ("worth", "DOUBLE"),
        ("stage", "VARCHAR"), ("seats", "INTEGER"),
      ])
    table.rows.append([
      .text(accounts[0]), .day(RandomWorld.first), .moment(RandomWorld.first * 86_400), .null,
      .null,
      .null,
    ])
    for _ in 0..<texts.generator.number(10...40) {
      let day = day()
      let logged = day + texts.generator.pick([0, 0, 0, 2, 30])
      table.rows.append([
        account(), .day(day), maybe { _ in .moment(logged * 86_400 + 40_000) }, texts.amount(),
        texts.word(["won", "lost"]), maybe { .integer($0.texts.generator.number(-3...9)) },
      ])
    }
    return table
  }
}
