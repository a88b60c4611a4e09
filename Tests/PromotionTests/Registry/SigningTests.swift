import Diagnostics
import Foundation
import HoldoutTestSupport
import Promotion
import Spec
import Testing

/// Records are signed with keys as openssl makes them, and openssl can check them.
@Suite struct SigningTests {
  /// Runs a shell line.
  @discardableResult
  private static func shell(_ line: String, in folder: String) throws -> (Bool, String) {
    let result = try RunningProgram("/bin/bash", ["-c", line], in: folder).wait()
    return (result.end == .exit(0), result.errors + result.output)
  }

  /// A bench that trusts a key of its own, `release.pem`, beside one that nobody trusts, `other.pem`.
  private static func bench(signedFrom: Int = 1, trusts: Bool = true) throws -> RegistryBench {
    let span = SourceFile(name: "holdout.yaml", text: "x").start
    let spec = RegistrySpec(
      publicKeys: trusts ? [Located("release.pub.pem", at: span)] : [], signedFrom: signedFrom)
    let bench = try RegistryBench(spec)
    for name in ["release", "other"] {
      let made = try shell(
        "openssl genpkey -algorithm ed25519 -out \(name).pem && "
          + "openssl pkey -in \(name).pem -pubout -out \(name).pub.pem", in: bench.folder)
      try #require(made.0, "\(made.1)")
    }
    return bench
  }

  private static func key(_ bench: RegistryBench, _ name: String = "release") throws -> SigningKey {
    try SigningKey(file: bench.path("\(name).pem"))
  }

  @Test func `the public half of a key is that of RFC 8032`() throws {
    let secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    let key = try SigningKey(Data(secret.utf8), origin: "a test")
    #expect(
      key.publicKey == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
  }

  @Test func `a key is the same in every way of writing it down`() throws {
    let bench = try Self.bench()
    try Self.shell(
      """
      openssl pkey -in release.pem -outform DER -out release.der
      tail -c 32 release.der | base64 > release.base64
      base64 release.der > release.der64
      tail -c 32 release.der | xxd -p -c 64 > release.hex
      sed 's/$/\\r/' release.pem > release.crlf
      """, in: bench.folder)
    let expected = try Self.key(bench).publicKey
    for end in ["der", "base64", "der64", "hex", "crlf"] {
      #expect(
        try SigningKey(file: bench.path("release.\(end)")).publicKey == expected, "\(end)")
    }
  }

  @Test(arguments: [
    "openssl genrsa -out key 2048", "openssl ecparam -name prime256v1 -genkey -noout -out key",
    "openssl genpkey -algorithm x25519 -out key", "cp release.pub.pem key", "touch key",
    "head -c 31 /dev/zero | base64 > key", "head -c 100 /dev/urandom > key",
    "head -c 100 release.pem > key",
  ])
  func `what is no private Ed25519 key is refused without showing it`(_ command: String) throws {
    let bench = try Self.bench()
    try Self.shell(command, in: bench.folder)
    let refused = findings { _ = try SigningKey(file: bench.path("key")) }
    #expect(refused.map(\.id.number) == [636])
    let text = FindingFormat.text.render(refused)
    let content = String(decoding: try bench.data("key"), as: UTF8.self)
    for line in content.split(separator: "\n") where line.count > 20 && !line.contains("---") {
      #expect(!text.contains(line))
    }
  }

  @Test func `a key file that is not there is told`() throws {
    let bench = try Self.bench()
    #expect(
      findings { _ = try SigningKey(file: bench.path("absent")) }.map(\.id.number) == [636])
    try bench.remove("release.pub.pem")
    #expect(findings { _ = try bench.promote("2024-a") }.map(\.id.number) == [636])
  }

  @Test func `openssl confirms the signature of a record`() throws {
    let bench = try Self.bench()
    try bench.promote("2024-a", key: Self.key(bench))
    let checked = try Self.shell(
      #"""
      sed -E 's/^\{"record":(.*),"sha256":"[0-9a-f]{64}",.*$/\1/' results/registry.jsonl \
        | tr -d '\n' > record.json
      sed -E 's/.*"ed25519":"([0-9a-f]+)".*/\1/' results/registry.jsonl | xxd -r -p > signature
      openssl pkeyutl -verify -rawin -pubin -inkey release.pub.pem -in record.json \
        -sigfile signature && sha256sum record.json
      """#, in: bench.folder)
    #expect(checked.0, "\(checked.1)")
    let hash = checked.1.split(separator: "\n").last?.prefix(64) ?? "-"
    #expect(try bench.lines[0].contains(#","sha256":"\#(hash)","#))
  }

  @Test func `each record holds the hash of the line before it, as sha256sum gives it`() throws {
    let bench = try Self.bench()
    for id in ["2024-a", "2024-b"] { try bench.promote(id, key: Self.key(bench)) }
    let hash = try Self.shell(
      "sed -n 1p results/registry.jsonl | tr -d '\\n' | sha256sum", in: bench.folder
    ).1.prefix(64)
    #expect(try bench.registry.records().records[1].previous == String(hash))
  }

  @Test func `a project with keys takes no record that is not signed with one of them`() throws {
    let bench = try Self.bench()
    for key in [nil, try Self.key(bench, "other")] {
      let refused = findings { _ = try bench.promote("2024-a", key: key) }
      #expect(refused.map(\.id.number) == [637])
      #expect(try bench.data(RegistryBench.registryFile).isEmpty)
      #expect(try bench.registry.champion(of: "shop") == nil)
      #expect(!bench.exists("models"))
    }
    try bench.promote("2024-a", key: Self.key(bench))
    let report = try bench.registry.verify()
    #expect(report.entries.map(\.key) == [try Self.key(bench).publicKey])
    #expect(report.warnings.isEmpty)
  }

  @Test func `records that somebody else signed, or nobody, are refused by every load`() throws {
    let bench = try Self.bench(trusts: false)
    // Whoever can write the registry can make records that are whole, but not sign them.
    for key in [nil, try Self.key(bench, "other")] {
      let forged = try Self.bench(trusts: false)
      try forged.promote("2024-a", key: key)
      let trusting = try Self.bench()
      for (file, bytes) in try forged.production { try trusting.write(file, bytes) }
      for work in [
        { _ = try trusting.registry.verify() }, { _ = try trusting.registry.records() },
        { _ = try trusting.registry.champion(of: "shop") },
        { _ = try trusting.promote("2024-b", key: Self.key(trusting)) },
      ] as [() throws -> Void] {
        let found = findings(work)
        #expect(found.map(\.id.number) == [635])
        #expect(found.first?.message.contains("line 1 of `results/registry.jsonl`") == true)
      }
      // The project that trusts nobody in particular takes them.
      #expect(try forged.registry.verify().warnings.isEmpty)
    }
  }

  @Test func `signatures are checked also where no key is trusted`() throws {
    let bench = try Self.bench(trusts: false)
    try bench.promote("2024-a", key: Self.key(bench))
    let whole = try bench.data(RegistryBench.registryFile)
    let text = String(decoding: whole, as: UTF8.self)
    let start = try #require(text.range(of: #""ed25519":""#)?.upperBound)
    let first = text.utf8.distance(from: text.startIndex, to: start)
    for place in stride(from: first, to: whole.count, by: 3) {
      var bytes = whole
      bytes[place] ^= 1
      try bench.write(RegistryBench.registryFile, bytes)
      let found = findings { _ = try bench.registry.champion(of: "shop") }
      #expect([[630], [635]].contains(found.map(\.id.number)), "\(place)")
      #expect(found.first?.message.contains("`results/registry.jsonl`") == true)
    }
  }

  @Test func `a project may begin to sign after some records`() throws {
    let bench = try Self.bench(signedFrom: 2)
    try bench.promote("2024-a")
    #expect(findings { _ = try bench.promote("2024-b") }.map(\.id.number) == [637])
    try bench.promote("2024-b", key: Self.key(bench))
    #expect(try bench.registry.verify().records == 2)
  }
}
