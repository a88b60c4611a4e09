/// A table for people: columns of text, as wide as their content.
///
/// ```swift
/// var table = Table([.text("metric"), .number("value")])
/// table.rows.append(["roc_auc", "0.8096"])
/// print(table.text())
/// ```
public struct Table: Sendable {
  /// A column's heading, and how its cells are displayed.
  public struct Column: Sendable {
    enum Kind { case text, number, outcome, drawing }

    let head: String
    let kind: Kind
    /// The minimum width on a terminal.
    let width: Int

    /// A left-aligned column of words.
    public static func text(_ head: String, width: Int = 0) -> Column {
      Column(head: head, kind: .text, width: width)
    }

    /// A right-aligned column of numbers.
    public static func number(_ head: String, width: Int = 0) -> Column {
      Column(head: head, kind: .number, width: width)
    }

    /// A column of outcomes. All except `pass` and `-` are emphasized: in capitals on a terminal,
    /// in bold in Markdown and HTML.
    public static func outcome(_ head: String) -> Column {
      Column(head: head, kind: .outcome, width: 0)
    }

    /// A column of drawings, which are never cut.
    public static let drawing = Column(head: "", kind: .drawing, width: 0)
  }

  public let columns: [Column]
  /// Missing cells at the end are empty. The last cell of a short row extends over their columns.
  public var rows: [[String]]
  /// The number of rows above a horizontal rule on a terminal; nil: no rule.
  public var rule: Int?
  /// Whether a terminal shows every row, however many there are.
  public var isWhole: Bool

  public init(
    _ columns: [Column], rows: [[String]] = [], rule: Int? = nil, isWhole: Bool = false
  ) {
    self.columns = columns
    self.rows = rows
    self.rule = rule
    self.isWhole = isWhole
  }

  /// Formats the table as lines without a final newline, with cells two spaces apart.
  /// - Parameters:
  ///   - width: the columns of the terminal. Cells of words are cut to fit, and a line below the
  ///     table says so. nil: unlimited.
  ///   - limit: the most rows to show. A line below the table counts the others. nil: all.
  public func text(width: Int? = nil, limit: Int? = nil) -> String {
    let shown = isWhole ? rows : Array(rows.prefix(limit ?? rows.count))
    // A table without headings begins with its first row.
    let heads = columns.allSatisfy(\.head.isEmpty) ? [] : [columns.map(\.head)]
    var cells = heads + shown.map { zip(columns, $0).map { $0.onTerminal($1) } }
    var widths = columns.map(\.width)
    for row in cells {
      for (column, cell) in row.enumerated()
      where column < row.count - 1 || row.count == columns.count {
        widths[column] = max(widths[column], TerminalText.width(cell))
      }
    }
    var isCut = width.map { fit(&widths, into: $0) } ?? false
    if let width {
      cells = cells.map { row in
        row.enumerated().map { column, cell in
          let isLast = column == row.count - 1 && row.count < columns.count
          let room =
            isLast ? width - widths[..<column].reduce(0) { $0 + $1 + 2 } : widths[column]
          guard columns[column].kind != .drawing else { return cell }
          let shown = TerminalText.cut(cell, to: room)
          if shown != cell { isCut = true }
          return shown
        }
      }
    }
    var lines = cells.map { row in
      row.enumerated().map { column, cell in
        let gap = String(
          repeating: " ", count: max(0, widths[column] - TerminalText.width(cell)))
        return columns[column].kind == .number ? gap + cell : cell + gap
      }.joined(separator: "  ").replacing(#/ +$/#, with: "")
    }
    if let rule, rule < shown.count {
      lines.insert(
        String(repeating: "-", count: TerminalText.width(lines[0])), at: heads.count + rule)
    }
    let others = rows.count - shown.count
    if others > 0 {
      lines.append("and \(others.grouped) more \(others == 1 ? "row" : "rows"); --all prints all")
    }
    if isCut { lines.append("(cells that end in … are cut to the terminal's width)") }
    return lines.joined(separator: "\n")
  }

  /// A Markdown table without a final newline.
  public var markdown: String {
    let head = columns.map { MarkdownText.escaped($0.head) }
    let rule = columns.map { $0.kind == .number ? "---:" : "---" }
    let body = rows.map { row in
      columns.indices.map { $0 < row.count ? columns[$0].inMarkdown(row[$0]) : "" }
    }
    return ([head, rule] + body).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  /// Narrows the widest columns of words until the table fits, but none below 12 terminal columns.
  /// - Returns: whether a column was narrowed.
  private func fit(_ widths: inout [Int], into width: Int) -> Bool {
    let least = 12
    var excess = widths.reduce(0, +) + 2 * (columns.count - 1) - width
    var isCut = false
    while excess > 0 {
      let wide = columns.indices.filter { columns[$0].kind == .text && widths[$0] > least }
      guard let widest = wide.max(by: { widths[$0] < widths[$1] }) else { break }
      // Narrow to the next widest, so that wide columns end up equal.
      let next = wide.filter { $0 != widest }.map { widths[$0] }.max() ?? least
      let step = min(excess, max(1, widths[widest] - max(next, least)))
      widths[widest] -= step
      excess -= step
      isCut = true
    }
    return isCut
  }
}

extension Table.Column {
  /// Whether a cell is an outcome to emphasize.
  func isLoud(_ cell: String) -> Bool {
    kind == .outcome && !["pass", "-", ""].contains(cell)
  }

  fileprivate func onTerminal(_ cell: String) -> String {
    TerminalText.escaped(isLoud(cell) ? cell.uppercased() : cell)
  }

  fileprivate func inMarkdown(_ cell: String) -> String {
    let text = MarkdownText.escaped(cell)
    return isLoud(cell) ? "**\(text)**" : text
  }
}

/// A piece of text that is never split, and the columns it takes.
struct Cell {
  var text: String
  var width: Int
}
