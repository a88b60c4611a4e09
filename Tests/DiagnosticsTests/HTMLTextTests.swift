import Diagnostics
import Testing

@Suite struct HTMLTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("", ""),
    ("a < b & \"c\" > 'd'", "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;"),
    ("`roc_auc` is *x*", "<code>roc_auc</code> is *x*"), ("one ` only", "one ` only"),
    ("``a`", "``a`"), ("`<b>`", "<code>&lt;b&gt;</code>"), ("two\nlines\t.", "two lines ."),
    ("a\u{1B}[0m\u{202E}", "a\\u{1B}[0m\\u{202E}"), ("\u{FFFE}", "\u{FFFD}"),
    ("שלום", "<bdi>שלום</bdi>"), ("עולם 123", "<bdi>עולם 123</bdi>"),
    ("שלום: 3 wins", "<bdi>שלום</bdi>: 3 wins"),
    ("of שלום, 12 (עולם) x", "of <bdi>שלום, 12 (עולם</bdi>) x"),
    ("of `שלום 3`: 4", "of <code><bdi>שלום 3</bdi></code>: 4"),
  ]) func `a sentence is displayed as it is`(_ text: String, _ html: String) {
    #expect(HTMLText.sentence(text) == html)
  }

  @Test func `an attribute has no elements, and a drawing keeps its spaces`() {
    #expect(HTMLText.escaped("`a` \"שלום\"") == "`a` &quot;שלום&quot;")
    #expect(HTMLText.line("  ●━ <\u{202E}") == "  ●━ &lt;\\u{202E}")
  }

  @Test func `a table says what its cells are`() {
    let table = Table(
      [.number("rank"), .text("name"), .drawing],
      rows: [["1", "a", " ●"], [], ["2", "", ""], ["3", "b spans"]])
    #expect(
      table.html(caption: "Best <first>") == """
        <table><caption>Best &lt;first&gt;</caption>
        <thead><tr><th scope="col" class="n">rank</th><th scope="col">name</th><td></td></tr></thead>
        <tbody><tr><td class="n">1</td><th scope="row">a</th><td class="d"> ●</td></tr>
        <tr><td class="n">2</td><td></td><td class="d"></td></tr>
        <tr><td class="n">3</td><th scope="row" colspan="2">b spans</th></tr></tbody></table>
        """)
    #expect(
      Table([.text("")], rows: [["x"]]).html(caption: "c", showsCaption: false)
        == "<table><caption class=\"hidden\">c</caption>\n"
        + "<tbody><tr><th scope=\"row\">x</th></tr></tbody></table>")
  }
}
