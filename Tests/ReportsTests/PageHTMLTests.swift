import Cryptography
import Diagnostics
import Foundation
import Reports
import Testing

@Suite struct PageHTMLTests {
  private let page = Page([
    .heading("Title of `x`", level: 1), .heading("Too deep", level: 3),
    .only(.terminal, [.paragraph("for a terminal")]), .only(.document, [.paragraph("a document")]),
    .group([.warnings(["few *buyers*"], lead: "Beware."), .notes(["`x` is old"]), .list(["one"])]),
    .table(
      Table(
        [.outcome(""), .text("name"), .number("value")],
        rows: [["pass", "a", "1"], ["fail", "b", "10"], ["-", "spans the rest"]], rule: 2)),
    .table(Table([.text("nothing")])), .paragraph(""), .warnings([]),
    .fields([("run", "5"), ("", "6")], width: 5), .code("x  y\n  </pre>"),
    .details("How", [.paragraph("So.")]),
  ])

  @Test func `blocks become elements`() throws {
    let html = page.html()
    #expect(Markup.problem(in: html) == nil)
    let main = try #require(html.firstMatch(of: #/<main id="main">\n((?s:.*))</main>/#)).1
    #expect(
      main == """
        <h1 id="title-of-x">Title of <code>x</code></h1>
        <h2 id="too-deep">Too deep</h2>
        <p>a document</p>
        <div class="group">
        <div class="warnings" role="note">
        <p><strong>Caution.</strong> Beware.</p>
        <ul>
        <li>few *buyers*</li>
        </ul>
        </div>
        <ul>
        <li><strong>Note:</strong> <code>x</code> is old</li>
        </ul>
        <ul>
        <li>one</li>
        </ul>
        </div>
        <div class="scroll" role="group" tabindex="0" aria-label="Too deep"><table><caption \
        class="hidden">Too deep</caption>
        <thead><tr><td></td><th scope="col">name</th><th scope="col" class="n">value</th></tr></thead>
        <tbody><tr><td>pass</td><th scope="row">a</th><td class="n">1</td></tr>
        <tr><td><strong>fail</strong></td><th scope="row">b</th><td class="n">10</td></tr></tbody>
        <tbody><tr><td>-</td><th scope="row" colspan="2">spans the rest</th></tr></tbody></table></div>
        <ul class="fields">
        <li><b>run</b> 5</li>
        <li>6</li>
        </ul>
        <pre tabindex="0">x  y
          &lt;/pre&gt;</pre>
        <details>
        <summary>How</summary>
        <p>So.</p>
        </details>

        """)
  }

  @Test func `a document names itself, its language, and what it may load`() {
    let html = page.html()
    let start = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
      'unsafe-inline'; img-src data:; script-src 'sha256-\(PageScript.hash)'; base-uri 'none'; \
      form-action 'none'">
      <title>Title of x</title>
      """
    #expect(html.hasPrefix(start))
    #expect(html.hasSuffix("</html>\n"))
    #expect(!html.contains("<nav"))
    #expect(!html.contains(#/(?:href|src)="[^#]/#))
    #expect(!html.contains(#/style="|onclick="|url\(|@import/#))
  }

  @Test func `a page without a title gets one`() {
    let page = Page([.heading("Section", level: 2), .heading("Section", level: 2)])
    #expect(page.html().contains("<h1>Holdout report</h1>\n<h2 id=\"section\">Section</h2>"))
    #expect(page.html().contains("<h2 id=\"section-2\">Section</h2>"))
    let named = page.html(title: "Gates")
    #expect(named.contains("<title>Gates</title>") && named.contains("<h1>Gates</h1>"))
  }

  @Test func `the policy admits the script of the page and no other`() {
    let digest = SHA256.hash(Data(PageScript.text.utf8))
    #expect(PageScript.hash == Data(digest).base64EncodedString())
    #expect(page.html().contains("<script>\(PageScript.text)</script>"))
    #expect(!PageScript.text.contains("</") && !PageScript.text.contains("<!--"))
    #expect(PageScript.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 62)
    // The terminal must not change a byte of it.
    #expect(PrintedText.safe(page.html()) == page.html())
  }

  @Test func `a long page has a list of its sections, with headings in order`() throws {
    let html = Gallery.page.html()
    let headings = html.matches(of: #/<h([1-6]) id="([a-z0-9-]+)"/#)
    let levels = try headings.map { try #require(Int($0.1)) }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    let links = html.matches(of: #/<li><a href="#([^"]*)">/#).map(\.output.1)
    #expect(links == zip(levels, headings).filter { $0.0 == 2 }.map(\.1.output.2))
    let ids = html.matches(of: #/ id="([^"]*)"/#).map(\.output.1)
    #expect(Set(ids).count == ids.count)
  }

  @Test(arguments: Gallery.all)
  func `the numbers of a figure are in a table`(_ entry: Gallery.Entry) throws {
    let html = Page([.figure(entry.figure)]).html()
    #expect(html.contains("<figcaption>") && html.contains("role=\"img\""))
    let rows = entry.kind.numbers.rows
    guard !rows.isEmpty else { return }
    let table = try #require(
      html.firstMatch(of: #/<details>\n<summary>(?s:.*)</details>\n</figure>/#)
    ).0
    #expect(table.contains("<caption>"))
    for cell in rows.joined() where !cell.isEmpty {
      #expect(table.contains(HTMLText.sentence(cell)), "\(cell)")
    }
  }

  @Test func `other formats have the numbers of a figure`() {
    let figure = Figure(
      DifferencesChart(rows: [.init("a", .init(0.5, 0.25, 0.75))]), caption: "With intervals.")
    let page = Page([.figure(figure)])
    #expect(
      page.text() == """
        Differences from the base
        With intervals.
        name  difference  interval
        a         0.5000  0.2500 to 0.7500

        """)
    #expect(
      page.markdown == """
        **Differences from the base**

        With intervals.

        | name | difference | interval |
        | --- | ---: | --- |
        | a | 0.5000 | 0.2500 to 0.7500 |

        """)
  }

  @Test func `user text cannot steer a browser`() {
    let evil = "a\u{1B}[31m\u{202E}\n<b onclick=\"x\"> </script> ]]> 'x' & שלום: 3"
    let page = Page([
      .heading(evil, level: 1), .paragraph(evil), .warnings([evil], lead: evil), .notes([evil]),
      .list([evil]), .fields([(evil, evil)], width: 9),
      .table(Table([.text(evil)], rows: [[evil]])),
      .code(evil), .details(evil, [.paragraph(evil)]),
      .figure(
        Figure(
          HeatMapChart(title: evil, rows: [evil], columns: [evil], values: [[1]]), caption: evil)),
    ])
    let html = page.html()
    #expect(Markup.problem(in: html) == nil)
    #expect(!html.contains(#/<b\s|\u{1B}|\u{202E}/#))
    #expect(html.contains("&#39;x&#39; &amp; <bdi>שלום</bdi>: 3</p>"))
  }
}
