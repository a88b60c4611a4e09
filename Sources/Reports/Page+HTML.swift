internal import Diagnostics

extension Page {
  /// The page as one HTML document that needs nothing else: no request leaves it, it works without
  /// scripts, prints, and can be read aloud. Ends with a newline.
  /// - Parameter title: the title of the document, and its heading where the page does not begin
  ///   with one of level 1. nil: that heading.
  public func html(title: String? = nil) -> String {
    var writer = HTMLWriter()
    writer.write(blocks)
    let first = writer.headings.first.flatMap { $0.level == 1 ? $0.text : nil }
    let title = title ?? first ?? "Holdout report"
    // A document has a heading of level 1, before all others.
    let head = first != nil ? "" : "<h1>\(HTMLText.sentence(title))</h1>\n"
    let contents = writer.contents
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(PageScript.policy)">
      <title>\(HTMLText.escaped(title.replacing("`", with: "")))</title>
      <style>
      \(ChartStyle.variables)
      \(PageStyle.css)\(writer.hasFigures ? "\n" + ChartStyle.marks : "")
      </style>
      </head>
      <body>
      \(contents)<main id="main">
      \(head)\(writer.body)</main>
      <script>\(PageScript.text)</script>
      </body>
      </html>

      """
  }
}

/// Writes the blocks of a page, one after the other.
private struct HTMLWriter {
  struct Heading {
    let text: String
    let level: Int
    let id: String
  }

  private(set) var body = ""
  private(set) var headings: [Heading] = []
  private(set) var hasFigures = false
  private var ids: Set<String> = ["main", "contents"]
  /// The captions in use, by the number of tables that have them.
  private var captions: [String: Int] = [:]

  mutating func write(_ blocks: [Page.Block]) { for block in blocks { write(block) } }

  private mutating func write(_ block: Page.Block) {
    switch block {
    case .heading(let text, let level): writeHeading(text, level)
    case .paragraph(let text):
      if !text.isEmpty { body += "<p>\(HTMLText.sentence(text))</p>\n" }
    case .warnings(let texts, let lead):
      guard !texts.isEmpty else { return }
      let lead = lead.map { " \(HTMLText.sentence($0))" } ?? ""
      body += "<div class=\"warnings\" role=\"note\">\n<p><strong>Caution.</strong>\(lead)</p>\n"
      list(texts)
      body += "</div>\n"
    case .notes(let texts): list(texts, lead: "<strong>Note:</strong> ")
    case .list(let texts): list(texts)
    case .fields(let fields, _):
      let lines = fields.map { name, value in
        "<li>" + (name.isEmpty ? "" : "<b>\(HTMLText.sentence(name))</b> ")
          + "\(HTMLText.sentence(value))</li>\n"
      }
      if !lines.isEmpty { body += "<ul class=\"fields\">\n\(lines.joined())</ul>\n" }
    case .table(let table): write(table, caption: tableCaption(), isShown: false)
    case .figure(let figure): write(figure)
    case .code(let text):
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { HTMLText.line(String($0)) }
      if !text.isEmpty {
        body += "<pre tabindex=\"0\">\(lines.joined(separator: "\n"))</pre>\n"
      }
    case .details(let summary, let blocks):
      body += "<details>\n<summary>\(HTMLText.sentence(summary))</summary>\n"
      write(blocks)
      body += "</details>\n"
    case .group(let blocks): writeGroup(blocks)
    case .indented(_, let blocks), .only(.document, let blocks): write(blocks)
    case .only(.terminal, _): break
    }
  }

  // MARK: - Headings

  private mutating func writeHeading(_ text: String, _ level: Int) {
    guard !text.isEmpty else { return }
    // No level is left out: after a heading of level 1, one of level 3 is of level 2.
    let level = min(max(level, 1), (headings.last?.level ?? 1) + 1)
    let id = newId(of: text)
    headings.append(Heading(text: text, level: level, id: id))
    body += "<h\(level) id=\"\(id)\">\(HTMLText.sentence(text))</h\(level)>\n"
  }

  /// A name for links, of lowercase ASCII letters, digits, and hyphens.
  private mutating func newId(of text: String) -> String {
    let words = text.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let base = words.isEmpty ? "section" : words.prefix(8).joined(separator: "-")
    var id = base
    var number = 2
    while !ids.insert(id).inserted {
      id = "\(base)-\(number)"
      number += 1
    }
    return id
  }

  /// Links to the sections of a long page; empty for a short one.
  var contents: String {
    let sections = headings.filter { $0.level == 2 }
    guard sections.count >= 4 else { return "" }
    let links = sections.map {
      "<li><a href=\"#\($0.id)\">\(HTMLText.sentence($0.text))</a></li>\n"
    }
    return "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n"
      + "<nav id=\"contents\" aria-label=\"Contents\">\n<ol>\n\(links.joined())</ol>\n</nav>\n"
  }

  // MARK: - Pieces

  /// Blocks with little space between them.
  private mutating func writeGroup(_ blocks: [Page.Block]) {
    let before = body
    body = ""
    write(blocks)
    body = before + (body.isEmpty ? "" : "<div class=\"group\">\n\(body)</div>\n")
  }

  /// - Parameter lead: HTML before each text.
  private mutating func list(_ texts: [String], lead: String = "") {
    let lines = texts.filter { !$0.isEmpty }.map { "<li>\(lead)\(HTMLText.sentence($0))</li>\n" }
    if !lines.isEmpty { body += "<ul>\n\(lines.joined())</ul>\n" }
  }

  /// A caption for a table: the heading above it, with a number from the second table on.
  private mutating func tableCaption() -> String {
    let heading = headings.last?.text ?? "Table"
    let number = captions[heading, default: 0] + 1
    captions[heading] = number
    return number == 1 ? heading : "\(heading), table \(number)"
  }

  /// A table in a box that scrolls by itself, so that the page does not.
  private mutating func write(_ table: Table, caption: String, isShown: Bool) {
    guard !table.rows.isEmpty else { return }
    body +=
      "<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
      + "aria-label=\"\(HTMLText.escaped(caption))\">"
      + table.html(caption: caption, showsCaption: isShown) + "</div>\n"
  }

  private mutating func write(_ figure: Figure) {
    hasFigures = true
    let id = newId(of: figure.title)
    let caption = figure.caption.isEmpty ? "" : " \(HTMLText.sentence(figure.caption))"
    body +=
      "<figure id=\"\(id)\">\n"
      + "<figcaption><strong>\(HTMLText.sentence(figure.title))</strong>\(caption)</figcaption>\n"
      + "<div class=\"chart\" role=\"group\" tabindex=\"0\" "
      + "aria-label=\"\(HTMLText.escaped(figure.title))\">\n\(figure.chart.svg())\n</div>\n"
    if !figure.numbers.rows.isEmpty {
      let title = "Numbers: \(figure.title)"
      body += "<details>\n<summary>\(HTMLText.sentence(title))</summary>\n"
      write(figure.numbers, caption: figure.title, isShown: true)
      body += "</details>\n"
    }
    body += "</figure>\n"
  }
}
