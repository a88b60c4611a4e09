internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// The engine's message about a file that it could not read completely, and what is wrong with the
/// file.
struct FileFault {
  private let message: String
  /// The file, as the engine names it.
  private let path: String?
  private let line: Int?
  private let folder: String

  init(_ message: String, folder: String) {
    self.message = message
    self.folder = folder
    path =
      message.firstMatch(of: /(?m)^\s*file = (.+)$/).map { String($0.output.1) }
      ?? message.firstMatch(of: /["'](\/[^"'\n]+)["']/).map { String($0.output.1) }
    line =
      message.firstMatch(of: /CSV Error on Line: (\d+)/).flatMap { Int($0.output.1) }
      ?? message.firstMatch(of: /in line (\d+)/).flatMap { Int($0.output.1) }
  }

  /// The engine's lines that say what is wrong and where, without the settings that it lists and
  /// its suggestions to ignore errors.
  private var words: [String] {
    EngineRefusal.lines(message).filter { line in
      !["Possible", "* ", "LINE ", "Try setting", "^"].contains(where: line.hasPrefix)
        && (line.hasPrefix("file = ") || line.firstMatch(of: #/^[a-z_]+ = /#) == nil)
    }
  }

  func finding(
    _ source: SourceSpec, _ files: FilesSpec, _ read: [RelationOpener.ReadFile]
  ) -> Finding {
    let file = self.file(read)
    let shown = file?.file.shown ?? path ?? files.paths[0].value
    if message.contains("nvalid unicode") || message.contains("invalid UTF-8")
      || message.contains("not valid UTF8")
    {
      let compression = file.flatMap { try? RelationOpener.compression(of: $0.file.path) }
      guard (compression ?? "none") == "none" else {
        return .packedEncoding(shown, nil, of: source)
      }
      let bytes = file.flatMap { FileManager.default.contents(atPath: $0.file.path) }
      let encoding = bytes.flatMap { TextEncoding.guess([UInt8]($0)) } ?? "latin-1"
      return .encoding(encoding, shown, line: line, of: source, files)
    }
    if let file, let dialect = file.dialect {
      if let width = message.firstMatch(of: /Expected Number of Columns: (\d+) Found: (\d+)/),
        let expected = Int(width.output.1), let found = Int(width.output.2), let line
      {
        let text = message.firstMatch(of: /Original Line: (.*)/).map { String($0.output.1) } ?? ""
        let fields = CSVRecord.fields(
          ArraySlice(text.utf8), delimiter: dialect.delimiter, quote: dialect.quote,
          escape: dialect.escape)
        return dialect.isHeader(fields)
          ? .secondHeader(shown, line: line, text: text, of: source, files)
          : .widthChanges(
            shown, line: line, text: text, expected: expected, found: found, of: source, files)
      }
      if message.contains("invalid state"), let ending = LineEnding.change(in: file.file.path) {
        return .lineEndings(shown, line: ending, of: source, files)
      }
      if message.contains("unterminated quote") {
        let notes = words.prefix(4).map { $0.count > 160 ? "\($0.prefix(157))..." : $0 }
        return .brokenQuote(shown, line: line, notes, of: source, files)
      }
    }
    return .unreadableFile(source, files, words.isEmpty ? [message] : words)
  }

  private func file(_ read: [RelationOpener.ReadFile]) -> RelationOpener.ReadFile? {
    guard let path else { return read.count == 1 ? read[0] : nil }
    if let file = read.first(where: { $0.file.path == path }) { return file }
    // A decoded file is named by its index.
    let number = path.split(separator: "/").last?.split(separator: ".").first.flatMap { Int($0) }
    if let number, read.indices.contains(number), read[number].isDecoded { return read[number] }
    return read.count == 1 ? read[0] : read.first { message.contains($0.file.path) }
  }
}

/// Finds changes of the line endings in a file.
enum LineEnding {
  /// Returns the first line that ends differently from the first line; nil if there is none.
  static func change(in path: String) -> Int? {
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
      return nil
    }
    return data.withUnsafeBytes { bytes in
      var first: [UInt8]?
      var line = 1
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        guard byte == 10 || byte == 13 else { continue }
        var ending = [byte]
        if byte == 13, index < bytes.count, bytes[index] == 10 {
          ending.append(10)
          index += 1
        }
        if let first, first != ending { return line }
        first = ending
        line += 1
      }
      return nil
    }
  }
}

extension CSVDialect {
  /// Returns whether a record repeats the header: at least half of its fields, and at least two if
  /// there are several columns, are names of columns, in any order.
  func isHeader(_ fields: [String]) -> Bool {
    guard hasHeader else { return false }
    let own = Set(columns.map { $0.lowercased() })
    let named = fields.filter { field in
      own.contains(field.trimmingCharacters(in: .whitespaces).lowercased())
    }.count
    return named >= min(2, columns.count) && 2 * named >= fields.count
  }

  /// Returns the line and text of the next header after the first; nil if there is none.
  func secondHeader(in path: String) -> (line: Int, text: String)? {
    guard hasHeader, compression == "none",
      let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    else { return nil }
    var rest = [UInt8](data)[...]
    var line = 1
    var isFirst = true
    while !rest.isEmpty {
      let record = CSVRecord.next(rest, delimiter: delimiter, quote: quote, escape: escape)
      let isSkipped = line <= skip
      if !isSkipped, !isFirst, isHeader(record.fields) {
        return (line, record.fields.joined(separator: delimiter))
      }
      if !isSkipped, record.fields != [""] { isFirst = false }
      line += record.lines
      rest = record.rest
    }
    return nil
  }
}

// Findings about files: H312, H316 and H343 to H350.
extension Finding {
  private static func place(_ file: String, _ line: Int?) -> String {
    line.map { "line \($0) of `\(file)`" } ?? "`\(file)`"
  }

  static func unreadableFile(
    _ source: SourceSpec, _ files: FilesSpec, _ words: [String]
  ) -> Finding {
    let others = FilesSpec.Format.allCases.filter { $0 != files.format }
      .map { "\(name($0)) files are named with `\($0.rawValue)`" }.joined(separator: ", ")
    return Finding(
      312, "source `\(source.name.value)` cannot be read", at: files.span, notes: words,
      hints: ["is it really \(name(files.format))? \(others)"])
  }

  private static func name(_ format: FilesSpec.Format) -> String {
    switch format {
    case .parquet: "Parquet"
    case .csv: "CSV"
    case .json: "JSON"
    }
  }

  static func emptyFile(_ file: String, of source: SourceSpec, _ files: FilesSpec) -> Finding {
    Finding(
      316, "source `\(source.name.value)` has no rows in `\(file)`, not even a header",
      at: files.span, hints: ["fill the file, or take it out of the path"])
  }

  static func typesDiffer(
    _ column: ColumnSpec?, _ name: String, in source: SourceSpec,
    types: [(file: String, type: String)]
  ) -> Finding {
    Finding(
      343, "the files of `\(source.name.value)` disagree about the type of `\(name)`",
      at: column?.name.span ?? source.name.span,
      label: column.map { "declared as `\($0.type.rawValue)`" },
      notes: types.prefix(4).map { "\($0.type) in `\($0.file)`" },
      hints: [
        "write the files again with one type, or make the types alike in a query: "
          + "`sql: SELECT ... FROM read_parquet('...') UNION ALL BY NAME SELECT ...`"
      ])
  }

  static func absentInParts(
    _ column: Located<String>, in source: SourceSpec, example: String, count: Int, of all: Int,
    isFatal: Bool
  ) -> Finding {
    Finding(
      344, isFatal ? .error : .warning,
      "\(count) of the \(all) files of `\(source.name.value)` \(count == 1 ? "has" : "have") no "
        + "column `\(column.value)`",
      at: column.span, label: isFatal ? nil : "null in \(count == 1 ? "its" : "their") rows",
      notes: ["for instance `\(example)`"],
      hints: [
        isFatal
          ? "write the files again with one set of columns, or name only those that belong together"
          : "a value that was not recorded yet is not one that was empty: see whether that is meant"
      ])
  }

  static func folderAndColumn(
    _ column: String, _ files: FilesSpec, in source: SourceSpec
  ) -> Finding {
    Finding(
      345, "both the folders and the files of `\(source.name.value)` have `\(column)`",
      at: files.span, label: "`\(column)=...` names it here",
      hints: [
        "write `*` for the folder to read the column of the files, or take the column out of them"
      ])
  }

  static func widthChanges(
    _ file: String, line: Int, text: String, expected: Int, found: Int, of source: SourceSpec,
    _ files: FilesSpec
  ) -> Finding {
    Finding(
      346, "\(place(file, line)) has \(found) fields, and the header has \(expected)",
      at: files.span, label: "source `\(source.name.value)`", notes: ["the line: \(text)"],
      hints: [
        "a field that holds the delimiter has to be quoted; a file that is several exports in one has "
          + "to be split"
      ])
  }

  static func secondHeader(
    _ file: String, line: Int, text: String, of source: SourceSpec, _ files: FilesSpec
  ) -> Finding {
    Finding(
      347, "\(place(file, line)) is a header again", at: files.span,
      label: "source `\(source.name.value)`", notes: ["the line: \(text)"],
      hints: [
        "split the file there: its parts are read together by a glob, also where their columns differ"
      ])
  }

  static func encoding(
    _ encoding: String, _ file: String, line: Int?, of source: SourceSpec, _ files: FilesSpec
  ) -> Finding {
    let path = files.paths[0].value
    let names: [String: String] = [
      "utf-16": "UTF-16", "latin-1": "Latin-1", "windows-1252": "Windows-1252",
    ]
    return Finding(
      348,
      "`\(file)` is not in UTF-8: it is probably \(names[encoding] ?? encoding)", at: files.span,
      label: "source `\(source.name.value)`",
      notes: line.map { ["the first such line: \($0)"] } ?? [],
      hints: [
        files.format == .csv
          ? "write `csv: {file: \(quoted(path)), encoding: \(encoding)}`"
          : "JSON is in UTF-8 always: convert the file, as in "
            + "`iconv -f \(encoding == "latin-1" ? "ISO-8859-1" : encoding) -t UTF-8`"
      ])
  }

  static func markedJSON(_ file: String, of source: SourceSpec, _ files: FilesSpec) -> Finding {
    Finding(
      348, "`\(file)` begins with a byte order mark, which no array of JSON may have",
      at: files.span,
      label: "source `\(source.name.value)`",
      hints: ["take it out: `sed -i '1s/^\\xEF\\xBB\\xBF//' \(file)`"])
  }

  /// Returns the finding for a compressed file in another encoding, which must be decompressed
  /// before it can be decoded.
  static func packedEncoding(
    _ file: String, _ encoding: Located<String>?, of source: SourceSpec
  ) -> Finding {
    let unpack = file.hasSuffix(".zst") ? "zstd -d" : "gunzip"
    return Finding(
      348, "`\(file)` is packed, and not in UTF-8",
      at: encoding?.span ?? source.fileSpan ?? source.name.span,
      label: "source `\(source.name.value)`",
      hints: [
        "unpack it, `\(unpack) \(file)`, and name the encoding of what it holds: "
          + "`csv: {file: ..., encoding: \(encoding?.value ?? "latin-1")}`"
      ])
  }

  static func alreadyUTF8(
    _ file: String, _ encoding: Located<String>, of source: SourceSpec
  ) -> Finding {
    Finding(
      348, "`\(file)` is in UTF-8, and not in `\(encoding.value)`", at: encoding.span,
      label: "source `\(source.name.value)`",
      hints: [
        "the files of a source share one encoding: convert those that are not in UTF-8, as in "
          + "`iconv -f \(TextEncoding.iconvName(encoding.value)) -t UTF-8`, and leave `encoding` out"
      ])
  }

  private static func quoted(_ path: String) -> String {
    path.contains { "*?[]{},:#&\"' ".contains($0) } ? "\"\(path)\"" : path
  }

  static func notDecoded(
    _ file: String, _ encoding: Located<String>, of source: SourceSpec, _ error: any Error
  ) -> Finding {
    let reason =
      switch error {
      case TextEncoding.Failure.unknown: "the C library of this machine does not have it"
      case TextEncoding.Failure.invalid(let offset): "the bytes at \(offset) are none of it"
      default: "\(error)"
      }
    return Finding(
      348, "`\(file)` cannot be read as `\(encoding.value)`", at: encoding.span,
      label: "source `\(source.name.value)`", notes: [reason],
      hints: ["name the encoding that the file was written in; without one it is UTF-8"])
  }

  static func columnTwice(
    _ name: String, in file: String, of source: SourceSpec, _ files: FilesSpec
  ) -> Finding {
    Finding(
      349, "the header of `\(file)` has `\(name)` twice", at: files.span,
      label: "source `\(source.name.value)` reads it",
      hints: [
        "rename one of them, or name all columns: `csv: {file: ..., header: [...], skip: 1}`"
      ])
  }

  static func lineEndings(
    _ file: String, line: Int, of source: SourceSpec, _ files: FilesSpec
  ) -> Finding {
    Finding(
      350, "\(place(file, line)) ends in another way than the lines before it", at: files.span,
      label: "source `\(source.name.value)`",
      notes: ["lines end in LF, in CR LF or in CR, and in one file all in the same way"],
      hints: [
        "is the file several in one? Split it there, or write it again with one ending: "
          + "`sed -i 's/\\r$//' \(file)`; a line break within a field has to be quoted"
      ])
  }

  static func brokenQuote(
    _ file: String, line: Int?, _ words: [String], of source: SourceSpec, _ files: FilesSpec
  ) -> Finding {
    Finding(
      350, "\(place(file, line)) has a quote that does not end where its field does",
      at: files.span, label: "source `\(source.name.value)`", notes: words,
      hints: [
        "where quotes within a field have a sign before them, name it: `csv: {file: ..., escape: "
          + "'\\'}`; where they mean nothing, write `quote: none`"
      ])
  }
}

extension Explanation {
  static let fileFindings: [Explanation] = [
    Explanation(
      343, "files that disagree about a column's type",
      cause: """
        The files of a source have a column in types between which there is no exact way, such as \
        flags in one and numbers in another. The first file decides nothing.
        """,
      example: .spec(
        """
        sources:
          calls: {parquet: data/calls*.parquet, columns: {«minutes»: integer}}
        """,
        sql: """
          COPY (SELECT * REPLACE (minutes > 50 AS minutes) FROM calls) TO 'data/calls_old.parquet';
          """,
        Example.checkWithData),
      fix: """
        Write the files again with one type. Or make the types alike in a query that reads both: \
        `sql: SELECT ... FROM read_parquet('...') UNION ALL BY NAME SELECT ...`.
        """),
    Explanation(
      344, "a column that only some files have",
      cause: """
        Several files make up the source, and some lack a column that the spec lists. In their rows it \
        is null, which is right where it was not recorded yet, and a hole where the export forgot it. \
        A file without the key or a time cannot be read at all, which is an error.
        """,
      example: .spec(
        """
        sources:
          calls: {parquet: data/calls*.parquet, columns: {«minutes»: integer}}
        """,
        sql: """
          COPY (SELECT * EXCLUDE (minutes) FROM calls WHERE day < '2025-01-01')
          TO 'data/calls_old.parquet';
          DELETE FROM calls WHERE day < '2025-01-01';
          """,
        Example.checkWithData),
      fix: """
        Export the files again if the column belongs into them; otherwise leave it as it is.
        """),
    Explanation(
      345, "a folder and a column of one name",
      cause: """
        The path names folders as `column=*`, which gives every row below them a value of that column, \
        and the files have a column of that name, too. Neither is taken in place of the other.
        """,
      example: .spec(
        "sources: {calls: {parquet: «data/parts/kind=*/*.parquet»}}",
        sql: """
          COPY calls TO 'data/parts'
          (FORMAT parquet, PARTITION_BY (kind), WRITE_PARTITION_COLUMNS true);
          """,
        Example.checkWithData),
      fix: """
        To read the column of the files, write `*` for the folder: `data/parts/*/*.parquet`. To read the \
        folders' values, take the column out of the files.
        """),
    Explanation(
      346, "a line with more or fewer fields than the header",
      cause: """
        Every line of a CSV file has as many fields as its header. A field that holds the delimiter and \
        is not quoted, or a file to which another export was appended, breaks that.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes\nC1,2025-01-05,2025-01-06,call,5\n"
              + "C2,2025-01-05,2025-01-06,call, or demo,5\n"
          ),
        ], Example.checkWithData),
      fix: """
        Quote the field, or name the delimiter that the file really has. Split a file that is several \
        exports in one.
        """),
    Explanation(
      347, "a header further down in a file",
      cause: """
        A line in the middle of a CSV file names the columns again: two exports were appended to each \
        other. The second may have other columns, or the same in another order.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes\nC1,2025-01-05,2025-01-06,call,5\n"
              + "id,day,logged,kind,minutes,source\nC2,2025-01-05,2025-01-06,call,5,crm\n"
          ),
        ], Example.checkWithData),
      fix: """
        Split the file at that line and read its parts with a glob, `csv: data/calls_*.csv`: their \
        columns are put together by name.
        """),
    Explanation(
      348, "a file that is not in UTF-8",
      cause: """
        The file was written in another encoding, as spreadsheets and older systems do. Holdout does \
        not guess what its letters are, as a wrong guess makes another level of `café`.
        """,
      example: .files(
        [("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n")],
        "printf 'id,day,logged,kind,minutes\\nC\\3511,2025-01-05,2025-01-06,call,5\\n' > calls.csv; "
          + "holdout check spec.yaml"),
      fix: """
        Write the encoding that the finding names: `csv: {file: data/calls.csv, encoding: latin-1}`. \
        Without it a file is read as UTF-8.
        """),
    Explanation(
      349, "a column that stands twice in the header",
      cause: """
        Two columns of a CSV file have the same name, and the spec reads it. Which of them is meant \
        the file does not say.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes,day\nC1,2025-01-05,2025-01-06,call,5,2025-01-07\n"
          ),
        ], Example.checkWithData),
      fix: """
        Rename one of them in the file, or give all columns names of your own: \
        `csv: {file: data/calls.csv, skip: 1, header: [id, day, logged, kind, minutes, sent]}`.
        """),
    Explanation(
      350, "lines or quotes that do not end where they should",
      cause: """
        Lines of the file end now in one way and now in another, or a quote opens a field and does not \
        close it. Where a line or a field ends is then a guess.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes\nC1,2025-01-05,2025-01-06,\"a \\\"b\\\" c\",5\n"
          ),
        ], Example.checkWithData),
      fix: """
        Where quotes within a field have a backslash before them, write `escape: '\\'` under `csv`; \
        where quotes mean nothing, `quote: none`. Write a file of several line ends again with one.
        """),
  ]
}
