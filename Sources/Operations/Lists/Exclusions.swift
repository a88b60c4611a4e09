public import Diagnostics
internal import Panel

/// The entities that a file keeps off every list.
///
/// The file has one key a line, or is CSV. Fields end at a comma, a semicolon or a tab; quotes are as in
/// RFC 4180, line breaks within them too. A first line that names the key is a heading and says which
/// field the key is in; without one it is the first. Lines that start with `#` and blank lines say
/// nothing.
///
/// ```
/// customer_id,reason
/// 1042,asked us to stop   # no comment: part of the field
/// # agreed with legal in May
/// "1043",
/// ```
///
/// Keys are read as those of sources are: spaces around them and a final `.0` are left out.
public struct Exclusions: Sendable {
  /// Each key once, in the order of the file.
  public let keys: [String]
  /// The line of each key, from 1.
  public let lines: [Int]
  /// What is wrong with the file: H815 to H817.
  public let findings: [Finding]

  private let file: SourceFile

  /// - Parameters:
  ///   - file: the content, as `SourceDecoder` makes it of bytes.
  ///   - key: the key's name, which a heading may have; `customer_id` is always understood.
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

  /// A warning that keys of the file are those of no entity, of the cohort or not: these keep no one off the
  /// list, and whoever they mean may be on it.
  /// - Parameters:
  ///   - known: the keys of all entities.
  ///   - entities: the same keys in their order.
  public func finding(known: Set<String>, entities: [String]) -> Finding? {
    let unknown = keys.indices.filter { !known.contains(keys[$0]) }
    guard let first = unknown.first else { return nil }
    return .unknownExclusions(
      file, line: lines[first], first: keys[first], count: unknown.count, of: keys.count,
      causes: KeyLikeness.causes(of: unknown.map { keys[$0] }, among: entities))
  }

  /// The text as a key, as the SQL of sources makes it; empty where that is null.
  static func key(_ text: String) -> String {
    // The engine's `trim` takes every space of Unicode (category Zs), and neither tabs nor line breaks.
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == .spaceSeparator
    }
    var scalars = text.unicodeScalars[...].drop(while: isSpace)
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    let hasFraction = scalars.count >= 2 && scalars.suffix(2).elementsEqual(".0".unicodeScalars)
    return String(hasFraction ? scalars.dropLast(2) : scalars)
  }

  /// The field that holds the keys, if the record is a heading.
  private static func keyColumn(of record: DelimitedRecord, _ key: String) -> Int? {
    let names = record.fields.map { Self.key($0).lowercased() }
    return names.firstIndex(of: key.lowercased()) ?? names.firstIndex(of: "customer_id")
  }
}

/// Reads the records of a CSV file (RFC 4180), leaving out blank lines and those that start with `#`.
///
/// Fields end at a comma, a semicolon or a tab, so that no one has to say which it is.
struct DelimitedReader {
  private static let quote = UInt8(ascii: "\"")
  private static let space = UInt8(ascii: " ")
  private static let breaks: Set<UInt8> = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
  private static let separators = Set(",;\t".utf8)

  private let file: SourceFile
  private var offset = 0
  /// A quote that nothing closes; the field reached to the end of the file.
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

  /// Goes to the first byte of the next line that says something.
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

  /// Reads from a quote to the one that closes it; two of them stand for one.
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
  /// At least one; without their quotes.
  var fields: [String]
  /// From the first byte of the first field to the last one of the last.
  var span: SourceSpan
}
