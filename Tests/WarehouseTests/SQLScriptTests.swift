import Testing
import Warehouse

@Suite struct SQLScriptTests {
  private func parts(_ text: String) -> [String] {
    SQLScript(text).statements.map { "\($0.line): \($0.sql)" }
  }

  @Test(arguments: [
    ("", []), (" \n\t ", []), (";;\n;", []), ("-- only a comment\n", []), ("/* no */ ; -- no", []),
    ("SELECT 1", ["1: SELECT 1"]), ("SELECT 1;", ["1: SELECT 1"]),
    ("SELECT 1;\n\nSELECT 2\n;", ["1: SELECT 1", "3: SELECT 2\n"]),
    ("a;b;c", ["1: a", "1: b", "1: c"]),
    ("SELECT ';' ; x", ["1: SELECT ';' ", "1: x"]),
    ("SELECT 'it''s; one' ; x", ["1: SELECT 'it''s; one' ", "1: x"]),
    ("SELECT \"a;b\" ; x", ["1: SELECT \"a;b\" ", "1: x"]),
    ("a -- b; c\nd; e", ["1: a -- b; c\nd", "2: e"]),
    ("a /* b; c\n */ d; e", ["1: a /* b; c\n */ d", "2: e"]),
    ("a '-- b;' c; d", ["1: a '-- b;' c", "1: d"]), ("a - b; c / d", ["1: a - b", "1: c / d"]),
    ("a $$ ; ' $$ b; c", ["1: a $$ ; ' $$ b", "1: c"]),
    ("a $tag$ ; $$ ; $tag$ b; c", ["1: a $tag$ ; $$ ; $tag$ b", "1: c"]),
    ("a $t1$ ; $t1$ b; c", ["1: a $t1$ ; $t1$ b", "1: c"]),
    ("SELECT $1; SELECT $2", ["1: SELECT $1", "1: SELECT $2"]),
    ("'never closed; x", ["1: 'never closed; x"]), ("/* never; closed", []),
    ("Größe '東;' ; 🗼", ["1: Größe '東;' ", "1: 🗼"]), ("a;\r\nb;\r\n", ["1: a", "2: b"]),
  ])
  func `statements end at the semicolons that end them`(_ text: String, _ expected: [String]) {
    #expect(parts(text) == expected)
  }

  @Test func `a comment before a statement belongs to it`() {
    #expect(parts("a;\n-- why; so\nb") == ["1: a", "2: -- why; so\nb"])
  }
}
