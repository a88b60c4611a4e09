internal import Diagnostics
internal import Spec
internal import Warehouse

/// A check that a source's query for a database behind a driver, whose parser is not available, has
/// only words of a single SELECT.
///
/// The scanner knows the quotes and comments that all dialects share and treats everything else as
/// code. It may therefore refuse a text that a dialect reads as a string, but it never takes code
/// for a string. What no scanner can detect, such as a function with side effects, is prevented by
/// the read-only session.
struct ForeignQuery {
  let sql: SQLText

  init(_ sql: SQLText) { self.sql = sql }

  /// What prevents the query from being run; nil for a single SELECT.
  var finding: Finding? {
    let scanned = SQLTokens(sql.text, dialect: .common)
    var words: [(text: String, range: Range<Int>)] = []
    var isEnded = false
    for token in scanned.tokens {
      let text = scanned.text(token)
      if text == "/*!" { return .notASelect("/*!", at: sql.span(of: token.range)) }
      if text == ";" {
        isEnded = true
        continue
      }
      if isEnded { return .severalStatements(at: sql.span(of: token.range)) }
      // Some dialects escape a quote with `\`, and the string would end elsewhere than it seems to.
      if token.kind == .text, Self.escapesQuote(scanned.bytes[token.range]) {
        return .quoteEscaped(at: sql.span(of: token.range))
      }
      let isQuoted = token.kind == .text || token.kind == .quotedName
      words.append((isQuoted ? "" : text.lowercased(), token.range))
    }
    return Self.refused(words).map {
      Finding.notASelect($0.text.uppercased(), at: sql.span(of: $0.range))
    } ?? (words.isEmpty ? .notASelect(nil, at: sql.span) : nil)
  }

  private static func refused(
    _ words: [(text: String, range: Range<Int>)]
  ) -> (text: String, range: Range<Int>)? {
    let first = words.first { $0.text != "(" }
    if let first, !beginnings.contains(first.text) { return first }
    for (index, word) in words.enumerated() {
      // After a dot it is the name of a column.
      if index > 0, words[index - 1].text == "." { continue }
      if statements.contains(word.text) { return word }
    }
    for (index, word) in words.enumerated()
    where functions.contains(word.text) || word.text.hasPrefix("dblink") {
      if index + 1 < words.count, words[index + 1].text == "(" { return word }
    }
    return nil
  }

  private static let beginnings: Set<String> = ["select", "with", "values", "table", "from"]

  private static let statements: Set<String> = [
    "insert", "update", "delete", "merge", "into", "drop", "create", "alter", "truncate", "attach",
    "detach", "pragma", "grant", "revoke", "copy", "vacuum", "reindex", "execute", "reset",
    "unlock",
  ]

  /// Functions of databases that change something, or read files and settings of the server.
  private static let functions: Set<String> = [
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "pg_read_file",
    "pg_read_binary_file", "pg_ls_dir", "pg_stat_file", "lo_import", "lo_export", "lo_create",
    "lo_unlink", "lo_put", "set_config", "current_setting", "nextval", "setval", "pg_sleep",
    "pg_sleep_for", "pg_sleep_until", "pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf",
    "query_to_xml", "load_file", "sleep", "benchmark", "xp_cmdshell",
  ]

  private static func escapesQuote(_ bytes: ArraySlice<UInt8>) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "'") }
  }
}

extension Finding {
  fileprivate static func quoteEscaped(at span: SourceSpan) -> Finding {
    Finding(
      371, "text with `\\'` ends elsewhere in other databases", at: span,
      label: "not allowed here", hints: ["double a quote inside text: `''`"])
  }
}
