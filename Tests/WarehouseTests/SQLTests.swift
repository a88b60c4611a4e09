import HoldoutTestSupport
import Testing
import Warehouse

@Suite struct SQLTests {
  @Test(arguments: [
    ("plain", "\"plain\"", "'plain'"), ("", "\"\"", "''"), ("a\"b", "\"a\"\"b\"", "'a\"b'"),
    ("it's", "\"it's\"", "'it''s'"), ("''", "\"''\"", "''''''"), ("\"", "\"\"\"\"", "'\"'"),
    ("Größe 東\n;--", "\"Größe 東\n;--\"", "'Größe 東\n;--'"), ("\\'", "\"\\'\"", "'\\'''"),
  ])
  func `names and texts are quoted`(_ text: String, _ identifier: String, _ literal: String) {
    #expect(SQL.identifier(text) == identifier)
    #expect(SQL.literal(text) == literal)
  }

  @Test(
    arguments: [
      "plain", "it's", "a\"b", "''", "\\", "\\'", "Größe 東 🗼", "a;b--c/*", "$$x$$", "\n\t",
    ])
  func `the engine reads back what was quoted`(_ text: String) throws {
    let connection = try NativeTestLibrary.engine().connection
    let rows = try connection.query("SELECT \(SQL.literal(text)) AS \(SQL.identifier(text))")
    #expect(rows.names == [text])
    #expect(try rows.next()?.columns[0].text(0) == text)
  }
}
