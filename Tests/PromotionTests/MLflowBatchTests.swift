import Foundation
import Promotion
import Randomness
import Testing

@Suite("Batches within MLflow's limits")
struct MLflowBatchTests {
  @Test("whatever is sent, every batch keeps the limits, nothing is lost, the order stays")
  func limits() throws {
    var random = SplitMix64(seed: 11)
    let letters = ["a", "\"", "\n", "ä", "😀", "\u{1}"]
    func text(_ most: Int) -> String {
      String(
        repeating: letters.randomElement(using: &random) ?? "a",
        count: Int.random(in: 0...most, using: &random))
    }
    func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }
    for _ in 0..<20 {
      let params = (0..<count(320)).map { entry("p\($0)", text(6000)) }
      let tags = (0..<count(320)).map { entry("t\($0)", text(5000)) }
      let metrics = (0..<count(3200)).map { index in
        metric("m\(index)" + text(60), Double.random(in: -1e300...1e300, using: &random))
      }
      let batches = MLflowBatch.batches(params: params, metrics: metrics, tags: tags)
      #expect(batches.flatMap(\.params) == params)
      #expect(batches.flatMap(\.metrics) == metrics)
      #expect(batches.flatMap(\.tags) == tags)
      for batch in batches {
        #expect(batch.params.count <= 100 && batch.tags.count <= 100)
        #expect(batch.metrics.count <= 1000)
        let sum = batch.params.count + batch.metrics.count + batch.tags.count
        #expect((1...1000).contains(sum))
        #expect(try JSONEncoder().encode(batch).count <= 1_000_000 - 600)
        // A server may write it again with everything but ASCII escaped, as Python's json does.
        #expect(escapedSize(batch) <= 1_000_000 - 600)
      }
    }
  }

  @Test(
    "no more batches than needed",
    arguments: [(0, 0), (1, 1), (100, 1), (101, 2), (200, 2), (201, 3)])
  func parameters(_ count: Int, batches: Int) {
    let params = (0..<count).map { entry("p\($0)", "1") }
    #expect(MLflowBatch.batches(params: params, metrics: [], tags: []).count == batches)
  }

  @Test("no more batches of metrics than needed", arguments: [(1000, 1), (1001, 2), (2001, 3)])
  func metrics(_ count: Int, batches: Int) {
    let metrics = (0..<count).map { metric("m\($0)", 1) }
    #expect(MLflowBatch.batches(params: [], metrics: metrics, tags: []).count == batches)
  }

  private func entry(_ key: String, _ value: String) -> MLflowPayload.Entry {
    MLflowPayload.Entry(key: key, value: value)
  }

  private func metric(_ key: String, _ value: Double) -> MLflowPayload.Metric {
    MLflowPayload.Metric(key: key, value: value, timestamp: .max, step: 0)
  }

  private func escapedSize(_ batch: MLflowBatch) -> Int {
    guard let data = try? JSONEncoder().encode(batch) else { return .max }
    return String(decoding: data, as: UTF8.self).utf16.reduce(0) { $0 + ($1 < 0x7F ? 1 : 6) }
  }
}
