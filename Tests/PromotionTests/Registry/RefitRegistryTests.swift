import Diagnostics
import Foundation
import HoldoutTestSupport
import Promotion
import Testing

/// An artifact with a second model, in a folder of its own, is kept and checked as every other file is.
@Suite struct RefitRegistryTests {
  static let shop = "models/shop"

  /// A registry whose champion has a refit, and whose version before has none.
  static func bench() throws -> RegistryBench {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    try bench.promote("2024-b", refit: "more trees\n")
    return bench
  }

  static var places: [String] { [shop, "\(shop)/versions/2024-b"] }

  @Test func `its files are promoted, recorded and checked`() throws {
    let bench = try Self.bench()
    let record = try #require(try bench.registry.champion(of: "shop")).record
    #expect(Set(record.files.keys) == Set(ModelArtifact.names + ModelArtifact.refitNames))
    #expect(try bench.registry.verify().warnings.isEmpty)
    for place in Self.places {
      #expect(try bench.data("\(place)/refit/model.txt") == Data("more trees\n".utf8))
      for file in ModelArtifact.refitNames {
        let whole = try bench.data("\(place)/\(file)")
        try bench.write("\(place)/\(file)", whole + Data(" ".utf8))
        let all = findings { _ = try bench.registry.verify() }
        let own = findings { _ = try bench.registry.champion(of: "shop") }
        for found in [all, own] {
          #expect(found.map(\.id.number) == [632])
          #expect(found.first?.message.contains("`\(place)/\(file)`") == true)
        }
        try bench.remove("\(place)/\(file)")
        if place == Self.shop {
          // As a promotion leaves it that was stopped: the version before had no such file.
          #expect(try bench.registry.verify().warnings.map(\.id.number) == [633])
        } else {
          #expect(findings { _ = try bench.registry.verify() }.map(\.id.number) == [632])
          try bench.write("\(place)/\(file)", whole)
        }
        #expect(try bench.data("\(place)/\(file)") == whole)
      }
    }
    #expect(try bench.registry.verify().warnings.isEmpty)
  }

  @Test func `a refit that nobody promoted is refused, as it would be what scores`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    for place in [Self.shop, "\(Self.shop)/versions/2024-a"] {
      try bench.write("\(place)/refit/model.txt", "other trees\n")
      let found = findings { _ = try bench.registry.champion(of: "shop") }
      #expect(found.map(\.id.number) == [632])
      #expect(found.first?.message.contains("no record promoted it") == true)
      try bench.remove("\(place)/refit")
    }
    #expect(try bench.registry.champion(of: "shop")?.runId == "2024-a")
  }

  @Test func `a folder of the refit that is a link is refused`() throws {
    let bench = try Self.bench()
    for place in Self.places {
      let folder = bench.path("\(place)/refit")
      try FileManager.default.moveItem(atPath: folder, toPath: bench.path("models/aside"))
      try FileManager.default.createSymbolicLink(
        atPath: folder, withDestinationPath: bench.path("models/aside"))
      #expect(
        findings { _ = try bench.registry.champion(of: "shop") }.contains { $0.id.number == 632 })
      try FileManager.default.removeItem(atPath: folder)
      try FileManager.default.moveItem(atPath: bench.path("models/aside"), toPath: folder)
    }
    #expect(try bench.registry.verify().warnings.isEmpty)
  }

  @Test func `what stands among its files and belongs to nothing is told of`() throws {
    let bench = try Self.bench()
    for place in Self.places {
      try bench.write("\(place)/refit/notes.txt", Data())
      let warnings = try bench.registry.verify().warnings
      #expect(warnings.map(\.id.number) == [634])
      #expect(warnings.first?.message.contains("`\(place)/refit/notes.txt`") == true)
      try bench.remove("\(place)/refit/notes.txt")
    }
  }

  @Test func `a rollback to a version without one takes the folder away, and back`() throws {
    let bench = try Self.bench()
    _ = try bench.registry.rollback("shop", to: "2024-a", RegistryBench.entry())
    #expect(!bench.exists("\(Self.shop)/refit"))
    #expect(bench.exists("\(Self.shop)/versions/2024-b/refit/model.txt"))
    #expect(try bench.registry.verify().warnings.isEmpty)
    _ = try bench.registry.rollback("shop", to: "2024-b", RegistryBench.entry())
    #expect(try bench.data("\(Self.shop)/refit/model.txt") == Data("more trees\n".utf8))
    #expect(try bench.registry.verify().warnings.isEmpty)
  }

  @Test func `files that were not all replaced are, whichever side has a refit`() throws {
    for target in ["2024-a", "2024-b"] {
      let bench = try Self.bench()
      if target == "2024-a" {
        _ = try bench.registry.rollback("shop", to: target, RegistryBench.entry())
      }
      let whole = try bench.production
      let other = target == "2024-a" ? "2024-b" : "2024-a"
      let names = ModelArtifact.names + ModelArtifact.refitNames
      for count in 1...names.count {
        for file in names.suffix(count) {
          try? bench.remove("\(Self.shop)/\(file)")
          let source = "\(Self.shop)/versions/\(other)/\(file)"
          if bench.exists(source) {
            try bench.write("\(Self.shop)/\(file)", try bench.data(source))
          }
        }
        try bench.write("\(Self.shop)/refit/.model.txt.tmp", "half")
        #expect(try bench.registry.champion(of: "shop")?.runId == target)
        _ = try bench.registry.rollback("shop", to: target, RegistryBench.entry())
        #expect(try bench.production == whole)
        #expect(bench.exists("\(Self.shop)/refit") == (target == "2024-b"))
      }
      #expect(try bench.registry.verify().warnings.isEmpty)
    }
  }

  @Test func `the same run with and without a refit is not the same version`() throws {
    let bench = try Self.bench()
    _ = try bench.registry.rollback("shop", to: "2024-a", RegistryBench.entry())
    try bench.remove("results/shop/runs/2024-b/refit")
    let without = findings { try bench.promote("2024-b") }
    #expect(without.map(\.id.number) == [639])
    try bench.promote("2024-c")
    let with = findings { try bench.promote("2024-a", refit: "more trees\n") }
    #expect(with.map(\.id.number) == [639])
    #expect(with.first?.message.contains("`refit/calibrator.json`") == true)
  }
}
