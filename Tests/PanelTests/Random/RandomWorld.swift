import HoldoutTestSupport
import Randomness
import Spec

/// Small random tables with the quirks of real ones: a few entities, and many ties of days.
struct RandomWorld {
  private(set) var tables: [RawTable] = []
  /// Days on which something happens, and cutoffs are worth trying.
  private(set) var days: Set<Int> = []
  private var texts: RandomTexts
  private let keys: [String]

  static let first = 18_993  // 2022-01-01
  static let last = 20_088  // 2024-12-31

  /// - Parameter parents: whether there are accounts, regions and deals, and columns with their keys.
  init(seed: UInt64, parents: Bool = false) {
    texts = RandomTexts(generator: SplitMix64(seed: seed))
    let count = texts.generator.number(3...14)
    // Ranks are those of text: 10 before 9, A before a, and beyond ASCII last.
    keys = (0..<count).map { ["\($0 + 7)", "A\($0)", "a\($0)", "É\($0)", "0\($0)"][$0 % 5] }
    tables = [customers(), profiles(), history(), orders(), calls()]
    guard parents else { return }
    var others = RandomParents(seed: seed)
    for index in tables.indices { others.extend(&tables[index]) }
    tables += others.tables()
    days.formUnion(others.days)
  }

  /// A day of the world; few of them, so that many coincide.
  private mutating func day() -> Int {
    let day = Self.first + texts.generator.number(0...52) * 21 + texts.generator.number(0...1)
    days.insert(day)
    return day
  }

  private mutating func maybe(_ cell: (inout RandomWorld) -> RawCell) -> RawCell {
    texts.generator.oneIn(4) ? .null : cell(&self)
  }

  private mutating func textDay(slashed: Bool = false) -> RawCell {
    let day = day()
    return texts.day(day, slashed: slashed)
  }

  /// A key of an entity, sometimes one that nobody has, sometimes none.
  private mutating func foreignKey() -> RawCell {
    switch texts.generator.number(0...12) {
    case 0: .text("nobody")
    case 1: texts.generator.pick([.null, .text(""), .text("  "), .text(".0")])
    default: texts.key(texts.generator.pick(keys))
    }
  }

  /// Every key once, some again, some rows without a key; the first row is of the first day.
  private mutating func customers() -> RawTable {
    var table = RawTable(
      name: "customers",
      columns: [
        ("id", "VARCHAR"), ("created", "VARCHAR"), ("first_order", "VARCHAR"), ("due", "DATE"),
        ("size", "VARCHAR"), ("score", "DOUBLE"), ("named", "VARCHAR"), ("segment", "VARCHAR"),
        ("touched", "TIMESTAMP"), ("second_order", "TIMESTAMP"),
      ])
    let again = (0..<texts.generator.number(0...5)).map { _ in texts.generator.pick(keys) }
    for (number, key) in (keys + again).enumerated() {
      table.rows.append(customer(number == 0 ? .text(key) : texts.key(key), number))
    }
    if texts.generator.oneIn(2) { table.rows.append(customer(.text(" "), 99)) }
    return table
  }

  private mutating func customer(_ key: RawCell, _ number: Int) -> [RawCell] {
    let created =
      number == 0
      ? RawCell.text(CalendarDate(days: Self.first).description)
      : texts.generator.oneIn(8) ? .null : textDay(slashed: true)
    let touched = texts.generator.number(0...3)
    return [
      key, created, maybe { $0.textDay() }, maybe { .day($0.day()) },
      maybe { .text("\($0.texts.generator.number(0...20))\($0.texts.generator.pick(["", ".0"]))") },
      maybe { $0.texts.amount() },
      maybe { world in
        let flag = world.texts.generator.oneIn(2)
        return world.texts.flag(flag)
      },
      texts.word(["retail", "public", "other"]),
      touched == 0 ? .null : .moment((Self.last - touched) * 86_400 + 5_000),
      maybe { .moment($0.day() * 86_400 + $0.texts.generator.number(0...86_399)) },
    ]
  }

  private mutating func profiles() -> RawTable {
    var table = RawTable(
      name: "profiles",
      columns: [
        ("customer", "VARCHAR"), ("opened", "DATE"), ("plan", "VARCHAR"), ("seats", "INTEGER"),
        ("joined", "TIMESTAMP WITH TIME ZONE"),
      ])
    table.rows.append([.text(keys[0]), .day(Self.first), .null, .integer(3), .null])
    for key in keys.dropFirst() + ["nobody"] where !texts.generator.oneIn(3) {
      table.rows.append([
        texts.key(key), maybe { .day($0.day()) }, texts.word(["free", "paid"]),
        maybe { .integer($0.texts.generator.number(0...50)) },
        maybe { .instant($0.day() * 86_400 + $0.texts.generator.number(0...86_399)) },
      ])
    }
    return table
  }

  /// Versions of each key, one behind the other, with gaps and versions of no day.
  private mutating func history() -> RawTable {
    var table = RawTable(
      name: "history",
      columns: [
        ("id", "VARCHAR"), ("valid_from", "VARCHAR"), ("valid_to", "DATE"), ("region", "VARCHAR"),
        ("email", "VARCHAR"), ("inactive", "VARCHAR"), ("employees", "INTEGER"), ("moved", "DATE"),
        ("last_day", "DATE"),
      ])
    for key in keys + ["nobody"] where key == keys[0] || !texts.generator.oneIn(6) {
      let starts = Set((0..<texts.generator.number(1...5)).map { _ in day() })
      let sorted = (starts.union(key == keys[0] ? [Self.first] : [])).sorted()
      for (number, start) in sorted.enumerated() {
        let next = number + 1 < sorted.count ? sorted[number + 1] : nil
        let end: Int? =
          switch texts.generator.number(0...7) {
          case 0: start
          case 1: next.map { ($0 + start) / 2 } ?? start + 30
          default: next
          }
        if let end { days.insert(end) }
        table.rows.append(version(key, start, end))
      }
    }
    table.rows.append(version(keys[0], nil, Self.last))
    return table
  }

  private mutating func version(_ key: String, _ start: Int?, _ end: Int?) -> [RawCell] {
    [
      texts.key(key), start.map { texts.day($0, slashed: false) } ?? .null,
      end.map { .day($0) } ?? .null, texts.word(["North", "South", "Ünder"], json: true),
      texts.word(["a@b.c"]),
      maybe { world in
        let flag = world.texts.generator.oneIn(3)
        return world.texts.flag(flag)
      },
      maybe { .integer($0.texts.generator.number(0...9)) }, maybe { .day($0.day()) },
      end.map { .day($0 - 1) } ?? .null,
    ]
  }

  private mutating func orders() -> RawTable {
    var table = RawTable(
      name: "orders",
      columns: [
        ("id", "VARCHAR"), ("day", "VARCHAR"), ("amount", "DOUBLE"), ("product", "VARCHAR"),
        ("quantity", "VARCHAR"), ("rush", "VARCHAR"),
      ])
    table.rows.append([
      .text(keys[0]), .text(CalendarDate(days: Self.first).description), .null, .null, .null, .null,
    ])
    for _ in 0..<texts.generator.number(10...60) {
      let rush = texts.generator.oneIn(2)
      table.rows.append([
        foreignKey(), texts.generator.oneIn(15) ? .text("") : textDay(), texts.amount(),
        texts.word(["bolt", "nut", "gear"]),
        maybe {
          .text("\($0.texts.generator.number(0...4))\($0.texts.generator.pick(["", ".0"]))")
        },
        maybe { $0.texts.flag(rush) },
      ])
    }
    return table
  }

  private mutating func calls() -> RawTable {
    var table = RawTable(
      name: "calls",
      columns: [
        ("id", "VARCHAR"), ("day", "DATE"), ("logged", "TIMESTAMP"), ("minutes", "INTEGER"),
        ("kind", "VARCHAR"), ("note", "DATE"),
      ])
    table.rows.append([
      .text(keys[0]), .day(Self.first), .moment(Self.first * 86_400), .null, .null, .null,
    ])
    for _ in 0..<texts.generator.number(10...60) {
      let day = day()
      let logged = day + texts.generator.pick([0, 0, 0, 1, 7, 40, -3])
      table.rows.append([
        foreignKey(), .day(day),
        maybe { .moment(logged * 86_400 + $0.texts.generator.number(0...86_399)) },
        maybe { .integer($0.texts.generator.number(-3...30)) },
        texts.word(["call", "mail", "visit"]), maybe { .day($0.day()) },
      ])
    }
    return table
  }
}
