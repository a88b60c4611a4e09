import Diagnostics
import Glibc
import HoldoutTestSupport
import Testing
import YAML

@Suite("Files are read in every encoding, or refused with a reason")
struct LoaderTests {
  private func decode(_ bytes: [UInt8]) -> (file: SourceFile?, findings: [Finding]) {
    var findings: [Finding] = []
    let file = SourceDecoder.decode(bytes, name: "a.yaml", findings: &findings)
    return (file, findings)
  }

  private func utf16(_ text: String, lowByteFirst: Bool) -> [UInt8] {
    ("\u{FEFF}" + text).utf16.flatMap { unit in
      let low = UInt8(unit & 0xFF)
      let high = UInt8(unit >> 8)
      return lowByteFirst ? [low, high] : [high, low]
    }
  }

  @Test("UTF-8 with and without a mark, and UTF-16 of both orders, give the same tree and places")
  func encodings() throws {
    let text = "é: 日本\r\nk: [😀, «1»x«/1»]\r\n"
    let source = MarkedText(text)
    let plain = Array(source.text.utf8)
    let encoded = [
      plain, [0xEF, 0xBB, 0xBF] + plain, utf16(source.text, lowByteFirst: true),
      utf16(source.text, lowByteFirst: false),
    ]
    for bytes in encoded {
      let (file, findings) = decode(bytes)
      #expect(findings.isEmpty)
      let read = try #require(file)
      #expect(read.bytes == plain)
      var none: [Finding] = []
      let node = try #require(YAMLParser.parse(read, findings: &none))
      #expect(none.isEmpty)
      let value = try #require(node.mapping?["k"]?.sequence?[1])
      #expect(value.span.range.lowerBound == source.starts[1])
      #expect((value.span.line, value.span.column) == (2, 8))
    }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    /// Line and column; nil where the file as a whole is at fault.
    var place: [Int]?
    init(_ name: String, _ bytes: [UInt8], _ place: [Int]?) {
      self.name = name
      self.bytes = bytes
      self.place = place
    }
    var testDescription: String { name }
  }

  static let faults: [Fault] = [
    Fault("a stray byte of Latin-1", Array("a: 1\nb: ".utf8) + [0xE9, 0x0A], [2, 4]),
    Fault("a sequence cut off", Array("é: ".utf8) + [0xE6, 0x97], [1, 4]),
    Fault("a sequence broken off", [0x61, 0xE6, 0x97, 0x62, 0x0A], [1, 2]),
    Fault("the start of a replacement character", [0x61, 0xEF, 0xBF, 0x62], [1, 2]),
    Fault("an overlong sequence", [0x61, 0x0A, 0xC0, 0xAF], [2, 1]),
    Fault("a surrogate in UTF-8", [0x61, 0xED, 0xA0, 0x80], [1, 2]),
    Fault("half a surrogate pair", [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x3D, 0xD8, 0x61, 0], [2, 1]),
    Fault("half a code unit", [0xFE, 0xFF, 0, 0x61, 0x62], [1, 2]),
    Fault("UTF-32", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], nil),
    Fault("UTF-16 without a mark", [0x61, 0, 0x3A, 0], nil),
  ]

  @Test("what is not text is refused at its first place", arguments: faults)
  func refusesFaults(_ fault: Fault) {
    let (file, findings) = decode(fault.bytes)
    #expect(file == nil)
    #expect(findings.map(\.id.number) == [106])
    let place = findings.first?.span.map { [$0.line, $0.column] }
    #expect(place == fault.place)
  }

  @Test("invalid UTF-8 given straight to the parser is a finding")
  func unchecked() {
    var findings: [Finding] = []
    let file = SourceFile(name: "a.yaml", bytes: Array("a: 日".utf8) + [0xFF])
    #expect(YAMLParser.parse(file, findings: &findings) == nil)
    #expect(findings.map(\.id.number) == [106])
    #expect(findings.first?.span?.column == 5)
  }

  @Test("a file is read under the name it is shown by")
  func reads() throws {
    try TemporaryFolder.with { folder in
      try write("version: 1\n", to: folder + "/spec.yaml")
      var findings: [Finding] = []
      let file = YAMLLoader.load(
        path: folder + "/spec.yaml", displayName: "spec.yaml", findings: &findings)
      #expect(file?.name == "spec.yaml")
      #expect(file?.bytes.count == 11)
      #expect(findings.isEmpty)
    }
  }

  @Test("missing, empty and unreadable files and folders each have their finding")
  func refusals() throws {
    try TemporaryFolder.with { folder in
      try write("a: 1\n", to: folder + "/renewals.yaml")
      try write("", to: folder + "/empty.yaml")
      let cases: [(String, Int)] = [
        ("renewal.yaml", 101), ("renewals.yaml/x.yaml", 101), ("nowhere/x.yaml", 101), (".", 102),
        ("empty.yaml", 104), (String(repeating: "x", count: 300), 103),
      ]
      for (name, id) in cases {
        var findings: [Finding] = []
        #expect(YAMLLoader.load(path: "\(folder)/\(name)", findings: &findings) == nil)
        #expect(findings.map(\.id.number) == [id], "\(name)")
        #expect(findings.first?.hints.isEmpty == false)
        if name == "renewal.yaml" {
          #expect(findings.first?.hints == ["did you mean `renewals.yaml`?"])
        }
      }
    }
  }

  @Test("a finding about a file stands where its path was written")
  func place() {
    let text = SourceFile(name: "spec.yaml", text: "extends: nowhere.yaml\n")
    var findings: [Finding] = []
    let span = SourceSpan(file: text, range: 9..<21)
    #expect(YAMLLoader.load(path: "/nowhere.yaml", at: span, findings: &findings) == nil)
    #expect(findings.first?.span?.column == 10)
  }

  @Test("a file of 100 MB is refused")
  func large() throws {
    try TemporaryFolder.with { folder in
      let path = folder + "/large.yaml"
      try write("a: 1\n", to: path)
      #expect(truncate(path, 100 << 20) == 0)
      var findings: [Finding] = []
      #expect(YAMLLoader.load(path: path, findings: &findings) == nil)
      #expect(findings.map(\.id.number) == [105])
    }
  }

  @Test("a source without end is refused once the limit is passed")
  func endless() {
    var findings: [Finding] = []
    #expect(YAMLLoader.load(path: "/dev/zero", findings: &findings) == nil)
    #expect(findings.map(\.id.number) == [105])
  }

  private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    fputs(text, file)
  }
}
