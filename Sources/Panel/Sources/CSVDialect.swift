internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// The format of one CSV file, from the spec and otherwise from the file's first record.
///
/// Nothing after the first record is examined, so the format never depends on a sample.
struct CSVDialect: Hashable {
  /// The character between fields.
  private(set) var delimiter: String
  /// The character around fields; empty for none.
  private(set) var quote: String
  private(set) var escape: String
  /// Whether the first record names the columns.
  private(set) var hasHeader: Bool
  /// The number of lines before the header.
  private(set) var skip: Int
  /// The names of the columns, all distinct.
  private(set) var columns: [String]
  /// The names that occur more than once in the header.
  private(set) var repeated: [String]
  /// `none`, `gzip` or `zstd`.
  private(set) var compression: String

  /// Examines the start of a file.
  /// - Parameters:
  ///   - wanted: the columns that the spec reads, which identify the delimiter.
  ///   - start: the file's first bytes, decoded and decompressed.
  /// - Throws: The problem that prevents reading the record.
  init(
    _ settings: CSVSettings, wanted: [String], start: [UInt8], compression: String
  ) throws(Problem) {
    self.compression = compression
    hasHeader = if case .firstRecord = settings.header { true } else { false }
    let lines = Self.lines(start, skip: settings.skip)
    skip = lines.skipped
    let record = start[lines.record...]
    if TextEncoding.isUTF16(start) { throw .encoding("utf-16") }
    guard !record.isEmpty else { throw .empty }
    // Between two quotes there may be any delimiter.
    quote = settings.quote?.value ?? (record.first == UInt8(ascii: "'") ? "'" : "\"")
    escape = settings.escape?.value ?? quote
    let candidates = settings.delimiter.map { [$0.value] } ?? [",", ";", "\t", "|"]
    var best: (delimiter: String, fields: [String], score: [Int])?
    for candidate in candidates {
      let fields = CSVRecord.fields(
        record, delimiter: candidate, quote: quote, escape: escape)
      let names = Set(fields.map { Self.trimmed($0).lowercased() })
      let score = [wanted.filter { names.contains($0.lowercased()) }.count, fields.count]
      if best.map({ $0.score.lexicographicallyPrecedes(score) }) ?? true {
        best = (candidate, fields, score)
      }
    }
    guard let best else { throw .empty }
    delimiter = best.delimiter
    let rest = CSVRecord.next(record, delimiter: delimiter, quote: quote, escape: escape).rest
    if let encoding = TextEncoding.guess(Array(record[..<rest.startIndex])) {
      throw .encoding(encoding)
    }
    repeated = []
    columns = []
    switch settings.header {
    case .firstRecord: (columns, repeated) = Self.named(best.fields.map(Self.trimmed))
    case .none: columns = best.fields.indices.map { "column\($0)" }
    case .names(let names): columns = names.map(\.value)
    }
  }

  enum Problem: Error {
    /// There is no record.
    case empty
    /// The bytes are not UTF-8 but probably this encoding.
    case encoding(String)
  }

  /// Returns the engine's call that reads files of this format with every value as text.
  func scan(_ paths: [String], nulls: [String]) -> String {
    let list = paths.map(SQL.literal).joined(separator: ", ")
    let names = columns.map { "\(SQL.literal($0)): 'VARCHAR'" }.joined(separator: ", ")
    let texts = ([""] + nulls).map(SQL.literal).joined(separator: ", ")
    return "read_csv([\(list)], auto_detect = false, columns = {\(names)}, "
      + "delim = \(SQL.literal(delimiter)), quote = \(SQL.literal(quote)), "
      + "escape = \(SQL.literal(escape)), header = \(hasHeader), skip = \(skip), "
      + "nullstr = [\(texts)], compression = '\(compression)', strict_mode = true, "
      + "null_padding = false, ignore_errors = false, hive_partitioning = false)"
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespaces)
  }

  /// Returns names that are distinct ignoring case, as in the engine.
  private static func named(_ fields: [String]) -> (columns: [String], repeated: [String]) {
    var counts: [String: Int] = [:]
    var repeated: [String] = []
    var taken = Set(fields.map { $0.lowercased() })
    let columns = fields.indices.map { index in
      let name = fields[index].isEmpty ? "column\(index)" : fields[index]
      let seen = counts[name.lowercased(), default: 0]
      counts[name.lowercased()] = seen + 1
      guard seen > 0 else { return name }
      if seen == 1 { repeated.append(name) }
      var number = seen
      while taken.contains("\(name)_\(number)".lowercased()) { number += 1 }
      taken.insert("\(name)_\(number)".lowercased())
      return "\(name)_\(number)"
    }
    return (columns, repeated)
  }

  /// Returns where the first record begins: after a byte order mark, the lines to skip, and empty
  /// lines.
  private static func lines(_ bytes: [UInt8], skip: Int) -> (record: Int, skipped: Int) {
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var skipped = 0
    while index < bytes.count {
      let isBlank = bytes[index] == 10 || bytes[index] == 13
      guard skipped < skip || isBlank else { break }
      while index < bytes.count, bytes[index] != 10, bytes[index] != 13 { index += 1 }
      if index + 1 < bytes.count, bytes[index] == 13, bytes[index + 1] == 10 { index += 1 }
      index += 1
      skipped += 1
    }
    return (min(index, bytes.count), skipped)
  }
}

/// Reads records of a CSV file byte by byte, for the first record and to find the line of an error.
enum CSVRecord {
  /// Returns the fields of the first record.
  static func fields(
    _ bytes: ArraySlice<UInt8>, delimiter: String, quote: String, escape: String
  ) -> [String] {
    next(bytes, delimiter: delimiter, quote: quote, escape: escape).fields
  }

  /// Returns the next record, the bytes after it, and the number of lines that it takes.
  static func next(
    _ bytes: ArraySlice<UInt8>, delimiter: String, quote: String, escape: String
  ) -> (fields: [String], rest: ArraySlice<UInt8>, lines: Int) {
    let separator = delimiter.utf8.first ?? UInt8(ascii: ",")
    let mark = quote.utf8.first
    let escaping = escape.utf8.first
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    var lines = 0
    var index = bytes.startIndex
    func peek() -> UInt8? { index + 1 < bytes.endIndex ? bytes[index + 1] : nil }
    func close() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
      wasQuoted = false
    }
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == 10 || (byte == 13 && peek() != 10) { lines += 1 }
      if isQuoted {
        if byte == escaping, let next = peek(), next == mark {
          field.append(next)
          index += 1
        } else if byte == mark {
          isQuoted = false
        } else {
          field.append(byte)
        }
      } else if byte == mark, field.isEmpty, !wasQuoted {
        isQuoted = true
        wasQuoted = true
      } else if byte == separator {
        close()
      } else if byte == 10 || byte == 13 {
        if byte == 13, peek() == 10 {
          index += 1
          lines += 1
        }
        close()
        return (fields, bytes[(index + 1)...], lines)
      } else {
        field.append(byte)
      }
      index += 1
    }
    close()
    return (fields, bytes[bytes.endIndex...], lines)
  }
}
