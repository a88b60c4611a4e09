extension Table {
  /// An HTML table without a final newline. Rows below `rule` are a group of their own.
  /// - Parameters:
  ///   - caption: says what the table has.
  ///   - showsCaption: whether the caption is displayed, or only read aloud.
  public func html(caption: String, showsCaption: Bool = true) -> String {
    let hidden = showsCaption ? "" : " class=\"hidden\""
    var lines = ["<table><caption\(hidden)>\(HTMLText.sentence(caption))</caption>"]
    if !columns.allSatisfy(\.head.isEmpty) {
      lines.append("<thead><tr>\(columns.map(\.htmlHead).joined())</tr></thead>")
    }
    let ruled = rule.map { min(max($0, 0), rows.count) } ?? 0
    for group in [rows[..<ruled], rows[ruled...]] {
      let shown = group.filter { !$0.isEmpty }.map(line)
      if !shown.isEmpty { lines.append("<tbody>\(shown.joined(separator: "\n"))</tbody>") }
    }
    return lines.joined(separator: "\n") + "</table>"
  }

  private func line(_ row: [String]) -> String {
    let name = columns.firstIndex { $0.kind == .text }
    let cells = zip(columns, row).enumerated().map { index, cell in
      let (column, text) = cell
      let isLast = index == row.count - 1
      return column.html(
        text, isName: index == name, span: isLast ? columns.count - index : 1)
    }
    return "<tr>\(cells.joined())</tr>"
  }
}

extension Table.Column {
  private var htmlClass: String {
    switch kind {
    case .number: " class=\"n\""
    case .drawing: " class=\"d\""
    case .text, .outcome: ""
    }
  }

  fileprivate var htmlHead: String {
    let text = HTMLText.sentence(head)
    // A cell without text is the heading of nothing.
    return text.isEmpty ? "<td></td>" : "<th scope=\"col\"\(htmlClass)>\(text)</th>"
  }

  fileprivate func html(_ cell: String, isName: Bool, span: Int) -> String {
    let isName = isName && !cell.isEmpty
    let text = kind == .drawing ? HTMLText.line(cell) : HTMLText.sentence(cell)
    let start = (isName ? "<th scope=\"row\"" : "<td") + htmlClass
    let end = isName ? "</th>" : "</td>"
    return start + (span > 1 ? " colspan=\"\(span)\">" : ">")
      + (isLoud(cell) ? "<strong>\(text)</strong>" : text) + end
  }
}
