/// A small table for people: columns of text, as wide as they need to be.
///
/// ```swift
/// var table = Table([.text("metric"), .number("value")])
/// table.rows.append(["roc_auc", "0.8096"])
/// print(table.text)
/// ```
public struct Table: Sendable {
  /// A column's heading, and to which side its cells stand.
  public struct Column: Sendable {
    let head: String
    let isNumber: Bool

    /// A column of words; they stand left.
    public static func text(_ head: String) -> Column { Column(head: head, isNumber: false) }
    /// A column of figures; they stand right.
    public static func number(_ head: String) -> Column { Column(head: head, isNumber: true) }
  }

  public let columns: [Column]
  /// As many cells as there are columns; missing ones at the end are empty.
  public var rows: [[String]]

  public init(_ columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Lines without a newline at the end, cells two blanks apart.
  public var text: String {
    let lines = ([columns.map(\.head)] + rows).map { row in
      columns.indices.map { $0 < row.count ? TerminalText.escaped(row[$0]) : "" }
    }
    let widths = columns.indices.map { column in lines.map { Self.width($0[column]) }.max() ?? 0 }
    return lines.map { line in
      columns.indices.map { column in
        let gap = String(repeating: " ", count: widths[column] - Self.width(line[column]))
        return columns[column].isNumber ? gap + line[column] : line[column] + gap
      }.joined(separator: "  ").replacing(#/ +$/#, with: "")
    }.joined(separator: "\n")
  }

  /// A Markdown table without a newline at the end.
  public var markdown: String {
    let head = columns.map { Self.markdown($0.head) }
    let rule = columns.map { $0.isNumber ? "---:" : "---" }
    let body = rows.map { row in
      columns.indices.map { $0 < row.count ? Self.markdown(row[$0]) : "" }
    }
    return ([head, rule] + body).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  /// Text that Markdown shows as it is, also within a table.
  public static func markdown(_ text: String) -> String {
    MarkdownText.escaped(text)
  }

  private static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + TerminalText.width($1) }
  }
}

/// A piece of text that is printed whole, and the columns it takes.
struct Cell {
  var text: String
  var width: Int
}
