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
      at: files.span, hints: ["fill the file, or exclude it from the path"])
  }

  static func typesDiffer(
    _ column: ColumnSpec?, _ name: String, in source: SourceSpec,
    types: [(file: String, type: String)]
  ) -> Finding {
    Finding(
      343, "the files of `\(source.name.value)` have different types for `\(name)`",
      at: column?.name.span ?? source.name.span,
      label: column.map { "declared as `\($0.type.rawValue)`" },
      notes: types.prefix(4).map { "\($0.type) in `\($0.file)`" },
      hints: [
        "export the files again with one type, or convert the types in a query: `sql: SELECT ... "
          + "FROM read_parquet('...') UNION ALL BY NAME SELECT ...`"
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
      notes: ["for example `\(example)`"],
      hints: [
        isFatal
          ? "export the files again with the same columns, or name only the files that belong "
            + "together"
          : "a value that was not recorded yet is not an empty value: check that null is right"
      ])
  }

  static func folderAndColumn(
    _ column: String, _ files: FilesSpec, in source: SourceSpec
  ) -> Finding {
    Finding(
      345, "both the folders and the files of `\(source.name.value)` have `\(column)`",
      at: files.span, label: "`\(column)=...` defines it here",
      hints: [
        "write `*` for the folder to read the files' column, or remove the column from the files"
      ])
  }

  static func widthChanges(
    _ file: String, line: Int, text: String, expected: Int, found: Int, of source: SourceSpec,
    _ files: FilesSpec
  ) -> Finding {
    Finding(
      346, "\(place(file, line)) has \(found) fields, but the header has \(expected)",
      at: files.span, label: "source `\(source.name.value)`", notes: ["the line: \(text)"],
      hints: [
        "quote fields that contain the delimiter; split a file that contains several exports"
      ])
  }

  static func secondHeader(
    _ file: String, line: Int, text: String, of source: SourceSpec, _ files: FilesSpec
  ) -> Finding {
    Finding(
      347, "\(place(file, line)) is a header again", at: files.span,
      label: "source `\(source.name.value)`", notes: ["the line: \(text)"],
      hints: [
        "split the file there, and read the parts with a glob; their columns can differ"
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
      "`\(file)` is not UTF-8: it is probably \(names[encoding] ?? encoding)", at: files.span,
      label: "source `\(source.name.value)`",
      notes: line.map { ["the first such line: \($0)"] } ?? [],
      hints: [
        files.format == .csv
          ? "write `csv: {file: \(quoted(path)), encoding: \(encoding)}`"
          : "JSON is always UTF-8: convert the file, as in `iconv -f "
            + "\(encoding == "latin-1" ? "ISO-8859-1" : encoding) -t UTF-8`"
      ])
  }

  static func markedJSON(_ file: String, of source: SourceSpec, _ files: FilesSpec) -> Finding {
    Finding(
      348, "`\(file)` starts with a byte order mark, which a JSON array cannot have",
      at: files.span,
      label: "source `\(source.name.value)`",
      hints: ["remove it: `sed -i '1s/^\\xEF\\xBB\\xBF//' \(file)`"])
  }

  /// Returns the finding for a compressed file in another encoding, which must be decompressed
  /// before it can be decoded.
  static func packedEncoding(
    _ file: String, _ encoding: Located<String>?, of source: SourceSpec
  ) -> Finding {
    let unpack = file.hasSuffix(".zst") ? "zstd -d" : "gunzip"
    return Finding(
      348, "`\(file)` is compressed and not UTF-8",
      at: encoding?.span ?? source.fileSpan ?? source.name.span,
      label: "source `\(source.name.value)`",
      hints: [
        "decompress it, `\(unpack) \(file)`, and name its encoding: `csv: {file: ..., encoding: "
          + "\(encoding?.value ?? "latin-1")}`"
      ])
  }

  static func alreadyUTF8(
    _ file: String, _ encoding: Located<String>, of source: SourceSpec
  ) -> Finding {
    Finding(
      348, "`\(file)` is UTF-8, not `\(encoding.value)`", at: encoding.span,
      label: "source `\(source.name.value)`",
      hints: [
        "all files of a source need one encoding: convert those that are not UTF-8, as in `iconv "
          + "-f \(TextEncoding.iconvName(encoding.value)) -t UTF-8`, and remove `encoding`"
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
      case TextEncoding.Failure.invalid(let offset): "the bytes at \(offset) are not valid in it"
      default: "\(error)"
      }
    return Finding(
      348, "`\(file)` cannot be read as `\(encoding.value)`", at: encoding.span,
      label: "source `\(source.name.value)`", notes: [reason],
      hints: ["name the file's encoding; the default is UTF-8"])
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
      350, "\(place(file, line)) has a different line ending from the lines before it",
      at: files.span,
      label: "source `\(source.name.value)`",
      notes: ["all lines of a file must end in LF, all in CR LF, or all in CR"],
      hints: [
        "if the file is several in one, split it there; otherwise convert the line endings: `sed "
          + "-i 's/\\r$//' \(file)`; quote a field that contains a line break"
      ])
  }

  static func brokenQuote(
    _ file: String, line: Int?, _ words: [String], of source: SourceSpec, _ files: FilesSpec
  ) -> Finding {
    Finding(
      350, "\(place(file, line)) has a quote that does not end where its field does",
      at: files.span, label: "source `\(source.name.value)`", notes: words,
      hints: [
        "if an escape character precedes quotes within fields, name it: `csv: {file: ..., escape: "
          + "'\\'}`; if quotes have no meaning, write `quote: none`"
      ])
  }
}

extension Explanation {
  static let fileFindings: [Explanation] = [
    Explanation(
      343, "files with different types for a column",
      cause: """
        The files of a source have a column with types that cannot be converted exactly, such as \
        flags in one file and numbers in another. The first file does not decide.
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
        Export the files again with one type, or convert the types in a query that reads both: \
        `sql: SELECT ... FROM read_parquet('...') UNION ALL BY NAME SELECT ...`.
        """),
    Explanation(
      344, "a column that only some files have",
      cause: """
        The source has several files, and some lack a column that the spec lists. It is null in \
        their rows, which is right if it was not recorded yet, and wrong if the export dropped it. \
        A file without the key or a time column cannot be read, which is an error.
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
        Export the files again if they should have the column; otherwise ignore the warning.
        """),
    Explanation(
      345, "a folder and a column with the same name",
      cause: """
        The path has folders `column=*`, which define that column for every row in them, and the \
        files have a column with that name too. Holdout does not choose between the two.
        """,
      example: .spec(
        "sources: {calls: {parquet: «data/parts/kind=*/*.parquet»}}",
        sql: """
          COPY calls TO 'data/parts'
          (FORMAT parquet, PARTITION_BY (kind), WRITE_PARTITION_COLUMNS true);
          """,
        Example.checkWithData),
      fix: """
        To read the files' column, write `*` for the folder: `data/parts/*/*.parquet`. To read the \
        folders' values, remove the column from the files.
        """),
    Explanation(
      346, "a line with more or fewer fields than the header",
      cause: """
        Every line of a CSV file must have as many fields as its header. Usually a field contains \
        the delimiter without quotes, or another export was appended to the file.
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
        Quote the field, or name the file's actual delimiter. Split a file that contains several \
        exports.
        """),
    Explanation(
      347, "a header further down in a file",
      cause: """
        A line in the middle of a CSV file names the columns again, because one export was \
        appended to another. The second may have other columns, or another order.
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
        Split the file at that line and read its parts with a glob, `csv: data/calls_*.csv`: \
        columns are matched by name.
        """),
    Explanation(
      348, "a file that is not UTF-8",
      cause: """
        The file has another encoding, as spreadsheets and older systems write it. Holdout does \
        not guess, because a wrong guess would turn `café` into a different level.
        """,
      example: .files(
        [("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n")],
        "printf 'id,day,logged,kind,minutes\\nC\\3511,2025-01-05,2025-01-06,call,5\\n' > calls.csv; "
          + "holdout check spec.yaml"),
      fix: """
        Write the encoding from the finding: `csv: {file: data/calls.csv, encoding: latin-1}`. The \
        default is UTF-8.
        """),
    Explanation(
      349, "a column that appears twice in the header",
      cause: """
        Two columns of a CSV file have the same name, and the spec reads that name.
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
        Rename one of them in the file, or name all columns in the spec: `csv: {file: \
        data/calls.csv, skip: 1, header: [id, day, logged, kind, minutes, sent]}`.
        """),
    Explanation(
      350, "inconsistent line endings or quotes",
      cause: """
        The file mixes line endings, or a field has an opening quote and no closing one. Where a \
        line or a field ends would be a guess.
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
        If quotes within fields have a backslash before them, write `escape: '\\'` under `csv`; if \
        quotes have no meaning, write `quote: none`. Convert mixed line endings to one.
        """),
  ]
}
