internal import Diagnostics
public import Panel

extension Page {
  /// The rows of a query.
  /// - Parameters:
  ///   - rows: the first rows, as texts; nil is null.
  ///   - others: the number of rows that follow.
  public init(_ columns: [ProjectQuery.Column], rows: [[String?]], others: Int) {
    let heads = columns.map { column -> Table.Column in
      let name = TerminalText.escaped(column.name)
      return column.isNumber ? .number(name) : .text(name)
    }
    let table = Table(heads, rows: rows.map { $0.map { $0 ?? "NULL" } }, isWhole: true)
    var blocks: [Block] = [.table(table)]
    if rows.isEmpty {
      let names = columns.map { "`\($0.name)`" }.joined(separator: ", ")
      blocks = [.paragraph("no rows; the columns are \(names)")]
    } else if others > 0 {
      let word = others == 1 ? "row" : "rows"
      blocks.append(.paragraph("and \(others.grouped) more \(word); --all prints all"))
    }
    self.init([.group(blocks)])
  }
}
