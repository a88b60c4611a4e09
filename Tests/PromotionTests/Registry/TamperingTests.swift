import Diagnostics
import Foundation
import HoldoutTestSupport
import Promotion
import Randomness
import Testing

/// Whatever is changed in the registry or in a file that it speaks of is found, and named.
@Suite struct TamperingTests {
  /// Two names, one of which has three versions.
  private static func bench() throws -> RegistryBench {
    let bench = try RegistryBench()
    for id in ["2024-a", "2024-b", "2024-c"] { try bench.promote(id) }
    try bench.promote("2024-d", as: "trade")
    return bench
  }

  private static func texts(_ findings: [Finding]) -> String {
    findings.filter { $0.severity == .error }.map(\.message).joined(separator: "\n")
  }

  @Test func `a flipped bit anywhere in the registry is found by verify and by every load`() throws
  {
    let bench = try Self.bench()
    let whole = try bench.data(RegistryBench.registryFile)
    var random = SplitMix64(seed: 5)
    var places = Set((0..<300).map { _ in Int(random.next() % UInt64(whole.count)) })
    // The line breaks, and the bytes about them.
    for (index, byte) in whole.enumerated() where byte == UInt8(ascii: "\n") {
      places.formUnion([index - 1, index, index + 1].filter { $0 < whole.count })
    }
    for place in places.sorted() {
      var bytes = whole
      bytes[place] ^= 1 << (random.next() % 8)
      try bench.write(RegistryBench.registryFile, bytes)
      for work in [
        { _ = try bench.registry.verify() }, { _ = try bench.registry.champion(of: "shop") },
        { _ = try bench.registry.champion(of: "trade") },
        { _ = try bench.registry.records() },
        { _ = try bench.registry.rollback("shop", to: nil, RegistryBench.entry()) },
      ] as [() throws -> Void] {
        let found = findings(work)
        #expect(found.map(\.id.number) == [630], "byte \(place)")
        #expect(Self.texts(found).contains("`results/registry.jsonl`"))
      }
      #expect(try bench.data(RegistryBench.registryFile) == bytes)
    }
    try bench.write(RegistryBench.registryFile, whole)
    #expect(try bench.registry.verify().warnings.isEmpty)
  }

  @Test func `a flipped bit in any file of any version is found and the file named`() throws {
    let bench = try Self.bench()
    var random = SplitMix64(seed: 6)
    for (file, whole) in try bench.production where file != RegistryBench.registryFile {
      var bytes = whole
      bytes[Int(random.next() % UInt64(whole.count))] ^= 1 << (random.next() % 8)
      try bench.write(file, bytes)
      let found = findings { _ = try bench.registry.verify() }
      #expect(Self.texts(found).contains("`\(file)`"), "\(file): \(found)")
      #expect(found.first?.id.number == 632)
      let isOld = file.contains("/2024-a/") || file.contains("/2024-b/")
      let name = file.contains("/trade/") ? "trade" : "shop"
      let load = findings { _ = try bench.registry.champion(of: name) }
      #expect(Self.texts(load).contains("`\(file)`") != isOld, "\(file)")
      let change = findings {
        _ = try bench.registry.rollback("shop", to: "2024-b", RegistryBench.entry())
      }
      // An old version that is neither in production nor asked for stops no change.
      let isInTheWay = !isOld || file.contains("/2024-b/")
      #expect(Self.texts(change).contains("`\(file)`") == isInTheWay, "\(file)")
      if !isInTheWay {
        _ = try bench.registry.rollback("shop", to: "2024-c", RegistryBench.entry())
      }
      try bench.write(file, whole)
    }
    #expect(try bench.registry.verify().warnings.isEmpty)
  }

  @Test func `a file that is gone, a folder, or a link is found and named`() throws {
    let bench = try Self.bench()
    for file in [
      "models/shop/versions/2024-a/model.txt", "models/shop/model.txt",
      "models/trade/versions/2024-d/spec.yaml",
    ] {
      let whole = try bench.data(file)
      try bench.remove(file)
      let gone = findings { _ = try bench.registry.verify() }
      // A first promotion that was stopped may not have put all files there.
      #expect(
        Self.texts(gone).contains("`\(file)` is not the file that was promoted: it is not there"))
      try bench.makeFolder(file)
      #expect(Self.texts(findings { _ = try bench.registry.verify() }).contains("it is a folder"))
      try bench.remove(file)
      try bench.write("copy", whole)
      try FileManager.default.createSymbolicLink(
        atPath: bench.path(file), withDestinationPath: bench.path("copy"))
      let link = findings { _ = try bench.registry.verify() }
      #expect(Self.texts(link).contains("`\(file)`"))
      #expect(Self.texts(link).contains("it is a symbolic link"))
      try bench.remove(file)
      try bench.write(file, whole)
    }
    #expect(try bench.registry.verify().warnings.isEmpty)
  }

  @Test func `records that were taken out, put in or moved are found`() throws {
    let bench = try Self.bench()
    let lines = try bench.lines
    let cases = [
      [lines[0], lines[1], lines[2]], [lines[0], lines[1]], [lines[1], lines[2], lines[3]],
      [lines[0], lines[2], lines[1], lines[3]], [lines[0], lines[2], lines[3]],
      lines + [lines[3]], [lines[0], "", lines[1], lines[2], lines[3]], [],
      lines + ["<<<<<<< HEAD"],
    ]
    for changed in cases {
      let text = changed.map { $0 + "\n" }.joined()
      try bench.write(RegistryBench.registryFile, text)
      let found = findings { _ = try bench.registry.verify() }
      #expect(found.hasErrors, "\(changed.count) lines")
      #expect(
        findings {
          _ = try bench.registry.champion(of: "shop")
          _ = try bench.registry.champion(of: "trade")
        }.hasErrors, "\(changed.count) lines")
    }
    try bench.remove(RegistryBench.registryFile)
    #expect(findings { _ = try bench.registry.champion(of: "shop") }.hasErrors)
    #expect(findings { _ = try bench.registry.verify() }.hasErrors)
  }

  @Test func `what no record is of is told`() throws {
    let bench = try Self.bench()
    let strangers = [
      "models/shop/notes.txt", "models/shop/versions/2024-a/extra.txt",
      "models/shop/versions/2024-x/model.txt",
    ]
    for file in strangers { try bench.write(file, "x") }
    let report = try bench.registry.verify()
    #expect(report.warnings.map(\.id.number) == [634, 634, 634])
    let told = report.warnings.map(\.message).joined(separator: "\n")
    #expect(told.contains("shop/notes.txt`"))
    #expect(told.contains("2024-a/extra.txt`"))
    #expect(told.contains("versions/2024-x`"))
  }
}
