import Diagnostics
import Foundation
import HoldoutTestSupport
import Testing
import Warehouse

@Suite struct MetricsDocumentTests {
  /// The keys of each object of a JSON text, in the order in which they are written. The text is one key a line, as
  /// `JSONDocument` writes it.
  private static func keys(_ text: String) -> [[String]] {
    var open: [[String]] = []
    var closed: [[String]] = []
    for line in text.split(separator: "\n") {
      let part = line.trimmingCharacters(in: .whitespaces)
      if let match = part.firstMatch(of: #/^"([^"]*)" : /#) {
        open[open.count - 1].append(String(match.1))
      }
      if part.hasSuffix("{") { open.append([]) }
      if part.hasPrefix("}") { closed.append(open.removeLast()) }
    }
    return closed
  }

  private static func expectPlain(_ data: Data) throws -> MetricsFile {
    let file = try MetricsFile(data)
    #expect(file.text.hasSuffix("}\n"))
    // Infinity and NaN are no JSON; a metric that is undefined is left out.
    #expect(file.others == [] && file.numbers.values.allSatisfy(\.isFinite))
    #expect(!file.text.lowercased().contains("nan") && !file.text.lowercased().contains("inf"))
    let keys = keys(file.text)
    #expect(keys.count > 10)
    for names in keys { #expect(names == names.sorted() && Set(names).count == names.count) }
    return file
  }

  @Test func `it holds numbers only, with sorted keys`() throws {
    let bench = try AccountsBench()
    try bench.run("cutoffs: {train: 3, folds: 2, step: 2 months}")
    let file = try Self.expectPlain(bench.data("\(try bench.onlyRun())/metrics.json"))
    #expect(file.keys(below: "folds").count { $0.hasPrefix("2024") } == 2)
    // Counted in the tables: who has been created by the last test cutoff and has not bought.
    let last = try #require(file.keys(below: "test.cutoffs").max())
    let count = try bench.bench.engine.connection.count(
      "SELECT count(*) FROM accounts WHERE created <= DATE '\(last)' "
        + "AND (bought IS NULL OR bought > DATE '\(last)')")
    #expect(file["test.cutoffs.\(last).rows"] == count.map(Double.init))
  }

  @Test func `metrics that are undefined are left out`() throws {
    // Nobody buys in the test windows.
    let bench = try AccountsBench(
      "UPDATE accounts SET bought = NULL WHERE bought > DATE '2024-10-30'")
    try bench.run("cutoffs: {test: 1}\nevaluation: {min_positives: 0}")
    let file = try Self.expectPlain(bench.data("\(try bench.onlyRun())/metrics.json"))
    #expect(file["positives.test"] == 0)
    #expect(file["test.pooled.roc_auc"] == nil && file["test.pooled.log_loss"] != nil)
  }

  @Test func `a document cannot hold what is no number`() {
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(throws: EncodingError.self) { try JSONDocument.data(["a": value]) }
    }
  }

  @Test func `names of properties are in snake case, keys of dictionaries stay`() throws {
    struct Document: Encodable {
      let someName = ["aB": 1]
      let another = "a/b"
    }
    #expect(
      try JSONDocument.text(Document())
        == "{\n  \"another\" : \"a/b\",\n  \"some_name\" : {\n    \"aB\" : 1\n  }\n}\n")
  }
}
