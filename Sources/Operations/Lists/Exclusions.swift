public import Diagnostics
internal import Panel

/// The keys of the entities that a file keeps off every list.
///
/// The file has one key per line, or is CSV. Fields end at a comma, a semicolon or a tab; quotes
/// follow RFC 4180, including line breaks within them. A first line that names the key is a header
/// and says which field holds the key; without a header it is the first. Lines that start with `#`
/// and blank lines are ignored.
///
/// ```
/// customer_id,reason
/// 1042,asked us to stop   # no comment: part of the field
/// # agreed with legal in May
/// "1043",
/// ```
///
/// Keys are normalized like those of sources: surrounding spaces and a final `.0` are removed.
public struct Exclusions: Sendable {
  /// Each key once, in the order of the file.
  public let keys: [String]
  /// The line number of each key, from 1.
  public let lines: [Int]
  /// The problems with the file: H815 to H817.
  public let findings: [Finding]

  private let file: SourceFile

  /// - Parameters:
  ///   - file: the content, as `SourceDecoder` decodes it.
  ///   - key: the key's name, which a header may have; `customer_id` is always accepted.
  public init(_ file: SourceFile, key: String = "customer_id") {
    self.file = file
    var reader = DelimitedReader(file)
    var keys: [String] = []
    var lines: [Int] = []
    var seen: Set<String> = []
    var keyless: [SourceSpan] = []
    var column: Int?
    while let record = reader.next() {
      if column == nil {
        column = Self.keyColumn(of: record, key)
        if column != nil { continue }
        column = 0
      }
      let field = column ?? 0
      let text = field < record.fields.count ? Self.key(record.fields[field]) : ""
      if text.isEmpty {
        keyless.append(record.span)
      } else if seen.insert(text).inserted {
        keys.append(text)
        lines.append(record.span.line)
      }
    }
    self.keys = keys
    self.lines = lines
    var findings: [Finding] = []
    if let quote = reader.openQuote { findings.append(.exclusionQuoteStaysOpen(quote)) }
    if let first = keyless.first {
      findings.append(.exclusionsWithoutKey(first, count: keyless.count))
    } else if keys.isEmpty, findings.isEmpty {
      findings.append(.noExclusions(file))
    }
    self.findings = findings
  }

  /// A warning about keys in the file that match no entity, in or outside the cohort. They keep no
  /// one off the list, so the entities they were meant for may be on it.
  /// - Parameters:
  ///   - known: the keys of all entities.
  ///   - entities: the same keys in order.
  public func finding(known: Set<String>, entities: [String]) -> Finding? {
    let unknown = keys.indices.filter { !known.contains(keys[$0]) }
    guard let first = unknown.first else { return nil }
    return .unknownExclusions(
      file, line: lines[first], first: keys[first], count: unknown.count, of: keys.count,
      causes: KeyLikeness.causes(of: unknown.map { keys[$0] }, among: entities))
  }

  /// The text normalized as a key, as the SQL for sources does it; empty if that is null.
  static func key(_ text: String) -> String {
    // The engine's `trim` removes every Unicode space (category Zs), but neither tabs nor line
    // breaks.
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == .spaceSeparator
    }
    var scalars = text.unicodeScalars[...].drop(while: isSpace)
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    let hasFraction = scalars.count >= 2 && scalars.suffix(2).elementsEqual(".0".unicodeScalars)
    return String(hasFraction ? scalars.dropLast(2) : scalars)
  }

  /// The index of the field that holds the keys, if the record is a header.
  private static func keyColumn(of record: DelimitedRecord, _ key: String) -> Int? {
    let names = record.fields.map { Self.key($0).lowercased() }
    return names.firstIndex(of: key.lowercased()) ?? names.firstIndex(of: "customer_id")
  }
}

/// Reads the records of a CSV file (RFC 4180), skipping blank lines and those that start with `#`.
///
/// Fields end at a comma, a semicolon or a tab, so no one has to say which it is.
struct DelimitedReader {
  private static let quote = UInt8(ascii: "\"")
  private static let space = UInt8(ascii: " ")
  private static let breaks: Set<UInt8> = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
  private static let separators = Set(",;\t".utf8)

  private let file: SourceFile
  private var offset = 0
  /// An unclosed quote, whose field extended to the end of the file.
  private(set) var openQuote: SourceSpan?

  init(_ file: SourceFile) { self.file = file }

  /// The next record; nil at the end.
  mutating func next() -> DelimitedRecord? {
    skipLines()
    guard offset < file.bytes.count else { return nil }
    let start = offset
    var fields = [field()]
    while let byte = current, Self.separators.contains(byte) {
      offset += 1
      fields.append(field())
    }
    return DelimitedRecord(fields: fields, span: SourceSpan(file: file, range: start..<offset))
  }

  private var current: UInt8? { offset < file.bytes.count ? file.bytes[offset] : nil }

  /// Moves to the first byte of the next line that is not skipped.
  private mutating func skipLines() {
    while offset < file.bytes.count {
      var end = offset
      while end < file.bytes.count, !Self.breaks.contains(file.bytes[end]) { end += 1 }
      let first = file.bytes[offset..<end].first { $0 != Self.space && $0 != UInt8(ascii: "\t") }
      if let first, first != UInt8(ascii: "#") { return }
      offset = min(end + 1, file.bytes.count)
    }
  }

  /// Reads up to a separator or the end of the line.
  private mutating func field() -> String {
    while current == Self.space { offset += 1 }
    var bytes: [UInt8] = []
    if current == Self.quote { bytes = quoted() }
    while let byte = current, !Self.separators.contains(byte), !Self.breaks.contains(byte) {
      bytes.append(byte)
      offset += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads from a quote to the one that closes it; a doubled quote is a literal one.
  private mutating func quoted() -> [UInt8] {
    let start = offset
    var bytes: [UInt8] = []
    offset += 1
    while let byte = current {
      offset += 1
      if byte != Self.quote {
        bytes.append(byte)
      } else if current == Self.quote {
        bytes.append(byte)
        offset += 1
      } else {
        return bytes
      }
    }
    openQuote = SourceSpan(file: file, range: start..<start + 1)
    return bytes
  }
}

/// A record of a CSV file.
struct DelimitedRecord {
  /// At least one; without quotes.
  var fields: [String]
  /// From the first byte of the first field to the last byte of the last.
  var span: SourceSpan
}
