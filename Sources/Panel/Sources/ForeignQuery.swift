internal import Diagnostics
internal import Spec

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
    let bytes = Array(sql.text.utf8)
    var words: [(text: String, range: Range<Int>)] = []
    var position = 0
    var isEnded = false
    func span(_ range: Range<Int>) -> SourceSpan { sql.span(of: range) }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        let end = Self.end(ofQuoted: bytes, from: position)
        if isEnded { return .severalStatements(at: span(position..<end)) }
        // Some dialects escape a quote with `\`, so the string would end elsewhere.
        if byte == UInt8(ascii: "'"), Self.escapesQuote(bytes[position..<end]) {
          return .quoteEscaped(at: span(position..<end))
        }
        words.append(("", position..<end))
        position = end
      } else if bytes[position...].starts(with: "--".utf8) {
        position = bytes[position...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
      } else if bytes[position...].starts(with: "/*".utf8) {
        // MySQL runs the contents of `/*! */`.
        if bytes[position...].starts(with: "/*!".utf8) {
          return .notASelect("/*!", at: span(position..<position + 3))
        }
        var end = position + 2
        while end < bytes.count, !bytes[end...].starts(with: "*/".utf8) { end += 1 }
        position = min(end + 2, bytes.count)
      } else if byte <= 32 {
        position += 1
      } else if byte == UInt8(ascii: ";") {
        isEnded = true
        position += 1
      } else {
        let isWord = Self.isWord(byte)
        let end = isWord ? bytes[position...].prefix(while: Self.isWord).endIndex : position + 1
        if isEnded { return .severalStatements(at: span(position..<end)) }
        let text = String(decoding: bytes[position..<end], as: UTF8.self).lowercased()
        words.append((text, position..<end))
        position = end
      }
    }
    return Self.refused(words).map { Finding.notASelect($0.text.uppercased(), at: span($0.range)) }
      ?? (words.isEmpty ? .notASelect(nil, at: sql.span) : nil)
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

  private static func end(ofQuoted bytes: [UInt8], from start: Int) -> Int {
    var position = start + 1
    while position < bytes.count {
      if bytes[position] == bytes[start] {
        guard position + 1 < bytes.count, bytes[position + 1] == bytes[start] else {
          return position + 1
        }
        position += 1
      }
      position += 1
    }
    return bytes.count
  }

  private static func escapesQuote(_ bytes: ArraySlice<UInt8>) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "'") }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == UInt8(ascii: "_") || byte >= 128
  }
}

extension Finding {
  fileprivate static func quoteEscaped(at span: SourceSpan) -> Finding {
    Finding(
      371, "a text with `\\'` ends elsewhere in other databases", at: span,
      label: "not allowed here", hints: ["a quote inside of a text is doubled: `''`"])
  }
}
