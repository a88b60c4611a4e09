import Diagnostics
import Reports
import Testing

@Suite struct PageTests {
  private let page = Page([
    .only(.document, [.heading("Title", level: 1)]),
    .group([.heading("a beside b", level: 2), .paragraph("- 1 row")]),
    .group([.warnings(["few *buyers*"], lead: "Beware."), .notes(["`x` is old"])]),
    .table(Table([.text("name"), .number("value")], rows: [["a", "1"], ["b", "10"]])),
    .table(Table([.text("nothing")])), .paragraph(""), .warnings([]),
    .indented(
      2,
      [
        .only(.terminal, [.paragraph("some words"), .list(["one", "two"])]),
        .only(.document, [.paragraph("other words")]), .fields([("run", "5")], width: 5),
      ]),
    .code("x  y\n```"),
  ])

  @Test func `a terminal gets lines, and blank lines between what is not of one group`() {
    #expect(
      page.text() == """
        a beside b
        - 1 row

        !! few *buyers*
        note: `x` is old

        name  value
        a         1
        b        10

          some words
          - one
          - two
            run  5

        x  y
        ```

        """)
  }

  @Test func `Markdown gets headings, an alert, lists and tables, each by itself`() {
    #expect(
      page.markdown == """
        # Title

        ## a beside b

        \\- 1 row

        > [!CAUTION]
        > Beware.
        >
        > - **few \\*buyers\\***

        - `x` is old

        | name | value |
        | --- | ---: |
        | a | 1 |
        | b | 10 |

        other words

        - run: 5

        ````
        x  y
        ```
        ````

        """)
  }

  @Test func `user text can steer neither a terminal nor Markdown`() {
    let evil = "a\u{1B}[31m\n<b> @team"
    let page = Page([
      .heading(evil, level: 1), .paragraph(evil), .warnings([evil]), .notes([evil]), .list([evil]),
      .fields([(evil, evil)], width: 9), .table(Table([.text(evil)], rows: [[evil]])),
      .code(evil),
    ])
    for text in [page.text(), page.markdown] { #expect(!text.contains("\u{1B}")) }
    #expect(!page.markdown.replacing(/```[^`]*```/, with: "").contains(/<b>|@team/))
  }

  @Test func `a page without content is empty`() {
    #expect(Page([.paragraph(""), .group([.notes([])])]).text().isEmpty)
    #expect(Page([.only(.terminal, [.paragraph("x")])]).markdown.isEmpty)
  }
}
