internal import Warehouse

/// The changes that a table needs before it can store a list.
struct TablePlan {
  /// A column whose type in the table differs.
  struct Clash {
    let column: String
    let expected: String
    let actual: String
  }

  /// A column of the list, and the type in which the table stores it.
  struct Entry {
    let column: String
    let type: ListType
  }

  private(set) var clashes: [Clash] = []
  /// Columns of the list that the table lacks.
  private(set) var additions: [Entry] = []
  /// All columns of the list. Other columns of the table become null.
  private(set) var entries: [Entry] = []

  /// - Parameter table: the table's columns; nil if it does not exist.
  init(list: [ListColumn], table: [ListColumn]?, dialect: ListDialect) {
    let known = Dictionary(
      (table ?? []).map { (dialect.folded($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    for column in list {
      let type = column.type ?? .text
      guard let present = known[dialect.folded(column.name)] else {
        additions.append(Entry(column: column.name, type: type))
        entries.append(Entry(column: column.name, type: type))
        continue
      }
      if let wider = present.type, wider.holds(type) || Self.keepsTexts(wider, of: column.name) {
        entries.append(Entry(column: present.name, type: wider))
      } else {
        clashes.append(
          Clash(
            column: column.name, expected: type.name(in: dialect), actual: present.typeName))
      }
    }
  }

  /// Whether a published column is still written as text to a table that has it as text: `true`,
  /// `2024-01-31`, `12.5`.
  ///
  /// Its users read it as text. The columns that every list has never change their type.
  private static func keepsTexts(_ present: ListType, of column: String) -> Bool {
    present == .text && ListType(defaultFor: column) == .text
  }

  /// The statements that create the table or add its missing columns.
  func definition(of table: String, exists: Bool, dialect: ListDialect) -> [String] {
    let columns = additions.map {
      "\(SQL.identifier($0.column)) \($0.type.name(in: dialect))"
    }
    return exists
      ? columns.map { "ALTER TABLE \(table) ADD COLUMN \($0)" }
      : ["CREATE TABLE \(table) (\(columns.joined(separator: ", ")))"]
  }
}
