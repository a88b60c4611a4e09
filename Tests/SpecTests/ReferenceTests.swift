import Glibc
import HoldoutTestSupport
import Spec
import Testing

@Suite("The reference page")
struct ReferenceTests {
  private static let path = "\(Repository.folder)/docs/spec.md"
  private static let begin = "<!-- reference: begin -->\n"
  private static let end = "<!-- reference: end -->\n"

  /// With HOLDOUT_RECORD=1 the page is written again instead of compared.
  @Test("docs/spec.md has the tables that the definitions print")
  func tables() throws {
    let page = try #require(Self.read(Self.path))
    let parts = page.split(separator: Self.begin, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    let rest = parts[1].split(separator: Self.end, omittingEmptySubsequences: false)
    try #require(rest.count == 2)
    let printed = "\n" + SpecReference.markdown() + "\n"
    if getenv("HOLDOUT_RECORD") != nil {
      Self.write("\(parts[0])\(Self.begin)\(printed)\(Self.end)\(rest[1])", to: Self.path)
    } else {
      #expect(String(rest[0]) == printed, "record it again with HOLDOUT_RECORD=1")
    }
  }

  @Test("every key has a meaning, and every name in a condition is a key")
  func keys() {
    for name in DefinitionName.allCases {
      let definition = SpecLanguage.definition(name)
      #expect(definition.name == name)
      #expect(!definition.summary.isEmpty && !definition.example.isEmpty)
      let keys = definition.keys.map(\.name)
      #expect(Set(keys).count == keys.count, "a key of \(name) is defined twice")
      for key in definition.keys {
        #expect(key.summary.hasSuffix("."), "\(name).\(key.name)")
        #expect(key.beside.allSatisfy(keys.contains), "\(name).\(key.name)")
      }
      for constraint in definition.constraints {
        let named =
          switch constraint {
          case .exactlyOne(let keys, _), .together(let keys): keys
          case .oneGroup(let groups, _): groups.flatMap { $0 }
          case .needsAll(let key, let others): [key] + others
          }
        #expect(named.allSatisfy(keys.contains), "\(name)")
      }
    }
  }

  @Test("the whole example of the page decodes without findings")
  func example() throws {
    let page = try #require(Self.read(Self.path))
    let blocks = page.split(separator: "```yaml\n").dropFirst()
    let example = try #require(blocks.first?.split(separator: "```\n").first)
    let loaded = Specs.load("example.yaml", ["example.yaml": String(example)])
    #expect(loaded.findings.isEmpty, "\(Specs.rendered(loaded))")
    #expect(loaded.spec?.features.count == 5)
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    for byte in text.utf8 { putc(Int32(byte), file) }
  }
}
