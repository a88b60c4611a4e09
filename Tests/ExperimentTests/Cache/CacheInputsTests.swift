import Experiment
import Testing

/// The keys were worked out with Python's hashlib: SHA-256 over each text in front of which its length in bytes and
/// a colon are.
@Suite struct CacheInputsTests {
  @Test func `a key is the SHA-256 of kind, names and values with their lengths`() {
    #expect(
      CacheInputs("panel").adding("cutoff", "2024-01-31").key
        == "b99ae4e820cd244cd52b59e0fa14921524b192a97fc895eed71bca0f7c9bc293")
    // Up to 80 bytes a text goes in itself, beyond them its SHA-256.
    #expect(
      CacheInputs("panel").adding("query", String(repeating: "é", count: 40)).key
        == "2ee0d8596a7e42c43b97381748d561c6a65b1c0c0e2d94cddcf64a032f5bd62e")
    #expect(
      CacheInputs("panel").adding("query", String(repeating: "é", count: 41)).key
        == "b8e7a5818b15dd8523ccaf1f4a037304892c8186622827ddb961c9bfbeef3b67")
  }

  @Test func `no two lists of inputs have one key`() {
    let texts = ["", "a", "b", "ab", "1:a"]
    var keys: Set<String> = []
    var count = 0
    for kind in texts {
      for name in texts {
        for value in texts {
          keys.insert(CacheInputs(kind).adding(name, value).key)
          keys.insert(CacheInputs(kind).adding(name, value).adding("a", "b").key)
          count += 2
        }
      }
    }
    #expect(keys.count == count)
    #expect(
      CacheInputs("k").adding("a", "1").adding("b", "2").key
        != CacheInputs("k").adding("b", "2").adding("a", "1").key)
  }

  @Test func `the first input that differs is named`() {
    let former = CacheInputs("k").adding("a", "1").adding("b", "2").adding("c", "3")
    #expect(former.firstDifference(from: former) == nil)
    #expect(former.firstDifference(from: nil) == nil)
    let changed = CacheInputs("k").adding("a", "1").adding("b", "0").adding("c", "0")
    #expect(changed.firstDifference(from: former) == "b")
    #expect(changed.firstDifference(from: former, but: "b") == "c")
    #expect(former.adding("d", "4").firstDifference(from: former) == "d")
    // One that is gone is named, too.
    #expect(
      CacheInputs("k").adding("a", "1").adding("c", "3").firstDifference(from: former) == "b")
  }
}
