import Diagnostics
import Evaluation
import Foundation
import Promotion
import Randomness
import Runs
import Testing
import YAML

@Suite("What MLflow is told of a run")
struct MLflowPayloadTests {
  private static func record(_ changes: [String: Any] = [:]) throws -> RunRecord {
    let plain: [String: Any] = [
      "run_id": "2025-09-18-084d71dbde4f", "name": "shop", "spec_sha256": "ab",
      "data": [["source": "customers", "path": "data/customers.parquet", "sha256": "cd"]],
      "versions": ["duckdb": "2.0.0"], "data_through": "2025-09-18", "cutoffs": [[String: Any]](),
      "calibration": "isotonic", "caveats": ["look-ahead is allowed"], "evidence": "sufficient",
      "findings": [String](), "threads": 1, "timings": [["stage": "training", "seconds": 1.5]],
    ]
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      RunRecord.self,
      from: JSONSerialization.data(withJSONObject: plain.merging(changes) { $1 }))
  }

  private static func payload(
    metrics: MetricTree = .object([:]), spec: YAMLValue = .mapping([]),
    changes: [String: Any] = [:]
  ) throws -> MLflowPayload {
    MLflowPayload(
      record: try record(changes), metrics: metrics, spec: spec, artifacts: [],
      finished: Date(timeIntervalSince1970: 1000))
  }

  private static func names(_ names: [String]) throws -> [String] {
    let entries = Dictionary(uniqueKeysWithValues: names.map { ($0, MetricTree.number(1)) })
    return try payload(metrics: .object(entries)).metrics.map(\.key)
  }

  @Test("metrics go by their paths, with one time and step, and the run took as long as its stages")
  func metrics() throws {
    let payload = try Self.payload(
      metrics: .object([
        "test": .object(["pooled": .object(["roc_auc": .number(0.75)])]), "rows": .number(12),
      ]))
    #expect(payload.metrics.map(\.key) == ["rows", "test/pooled/roc_auc"])
    #expect(payload.metrics.map(\.value) == [12, 0.75])
    #expect(payload.metrics.allSatisfy { $0.timestamp == 1_000_000 && $0.step == 0 })
    #expect(payload.startTime == 998_500)
    #expect(payload.endTime == 1_000_000)
  }

  @Test(
    "a name that MLflow does not take is replaced",
    arguments: [
      ("lift_at_1_percent", "lift_at_1_percent"), ("a b-c.d/e", "a b-c.d/e"),
      ("Größe, 東", "Größe_ 東"), ("a@b:c", "a_b_c"), ("a//b", "a/_/b"), ("/a/", "_/a/_"),
      ("../x", "__/x"), ("./x", "_/x"), ("a\u{0}b\n", "a_b_"), ("😀", "_"), ("", "_"),
    ])
  func legalName(_ name: String, expected: String) throws {
    #expect(try Self.names([name]) == [expected])
  }

  @Test("names that would become one stay two, whatever their order")
  func collision() throws {
    for names in [["a,b", "a;b", "a_b"], ["a;b", "a_b", "a,b"]] {
      let legal = try Self.names(names)
      #expect(Set(legal).count == 3)
      #expect(legal.contains("a_b"))
      #expect(legal.allSatisfy { $0.hasPrefix("a_b") })
    }
  }

  @Test("any names become legal ones that differ")
  func anyNames() throws {
    var random = SplitMix64(seed: 5)
    let alphabet = Array("ab/._- ,:@ä東\u{301}😀\n")
    for _ in 0..<300 {
      let names = Set(
        (0..<20).map { _ in
          let length = Int.random(in: 0...(Bool.random(using: &random) ? 4 : 300), using: &random)
          return String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? "a" })
        })
      // Texts that are canonically equal are one key of a dictionary.
      let legal = try Self.names(Array(names))
      #expect(Set(legal).count == names.count)
      for name in legal {
        #expect(name.utf8.count <= 250)
        #expect(
          !name.split(separator: "/", omittingEmptySubsequences: false).contains {
            $0 == "" || $0 == "." || $0 == ".."
          })
        #expect(name.wholeMatch(of: #/[\p{L}\p{N}_\-. \/]+/#) != nil, "\(name)")
      }
    }
  }

  @Test("parameters go by the paths of overrides; lists of named things by their names")
  func parameters() throws {
    let spec: YAMLValue = .mapping([
      .init("version", .integer(1)),
      .init("model", .mapping([.init("params", .mapping([.init("num_leaves", .integer(7))]))])),
      .init(
        "features",
        .sequence([
          .mapping([.init("age", .mapping([.init("days_since", .string("customers.created"))]))]),
          .mapping([.init("size", .mapping([.init("value", .string("customers.size"))]))]),
        ])),
      .init("order", .sequence([.string("a"), .string("b")])), .init("empty", .mapping([])),
      .init(
        "twice", .sequence([.mapping([.init("x", .integer(1))]), .mapping([.init("x", .null)])])),
      .init("text", .string("007")), .init("on", .bool(true)), .init("nothing", .null),
    ])
    let params = try Self.payload(spec: spec).params
    #expect(
      params.map { "\($0.key)=\($0.value)" } == [
        "version=1", "model.params.num_leaves=7", "features.age.days_since=customers.created",
        "features.size.value=customers.size", #"order=["a", "b"]"#, "empty={}",
        "twice=[\n  {\n    \"x\": 1\n  },\n  {\n    \"x\": null\n  }\n]", "text=007", "on=true",
        "nothing=null",
      ])
  }

  @Test("a value that is too long is cut, says so, and leaves its SHA-256 in a tag")
  func longValue() throws {
    let text = String(repeating: "ä", count: 5000)
    let payload = try Self.payload(spec: .mapping([.init("sql", .string(text))]))
    let value = try #require(payload.params.first?.value)
    #expect(value.utf8.count <= 6000)
    #expect(value.hasPrefix("ääää") && value.hasSuffix("ä... (10000 bytes, cut)"))
    let digest = payload.tags.first { $0.key == "holdout.sha256.sql" }?.value
    #expect(digest == "1be92b276031d63eaa6744019876e3d5711b6c12cf5d6d8c732f27ff3162aaec")
    let fits = String(repeating: "a", count: 6000)
    #expect(try Self.payload(spec: .mapping([.init("sql", .string(fits))])).params[0].value == fits)
  }

  @Test("tags say what the run says of itself, each once")
  func tags() throws {
    let shared = ["source": "x", "path": "data/one.parquet", "sha256": "ef"]
    let payload = try Self.payload(changes: ["data": [shared, shared]])
    let tags = Dictionary(uniqueKeysWithValues: payload.tags.map { ($0.key, $0.value) })
    #expect(tags["holdout.run_id"] == "2025-09-18-084d71dbde4f")
    #expect(tags["holdout.caveats"] == "look-ahead is allowed")
    #expect(tags["mlflow.note.content"]?.contains("look-ahead is allowed") == true)
    #expect(tags["holdout.version.duckdb"] == "2.0.0")
    #expect(tags["holdout.data.data/one.parquet"] == "ef")
    #expect(tags["holdout.findings"] == nil)
  }

  @Test("a record of schema 2 has values, which are told in the words of schema 1")
  func values() throws {
    let payload = try Self.payload(changes: [
      "schema": 2,
      "evidence": ["sufficient": false, "positive_entities": 9, "needed": 20],
      "calibration": [
        "method": "isotonic", "fit": "calibrate", "rows": 300, "positives": 210,
        "choice": ["counted": "positive_entities", "count": 205, "method": "isotonic"],
      ],
      "caveats": [
        [
          "kind": "look_ahead", "reason": "to see", "in_label": false,
          "numbers": ["columns": 2, "features": 1, "rules": 0, "cutoffs": 12],
        ], ["kind": "no_creation"],
      ],
      "findings": [["id": "H442", "severity": "warning", "message": "few buyers"]],
    ])
    let tags = Dictionary(uniqueKeysWithValues: payload.tags.map { ($0.key, $0.value) })
    #expect(
      tags["holdout.evidence"]
        == "insufficient evidence: 9 distinct positive entities in test, 20 are needed")
    #expect(
      tags["holdout.calibration"]
        == "isotonic (205 distinct positive entities, at least 200: enough for isotonic regression), fitted on "
        + "300 rows with 210 positives")
    #expect(
      tags["holdout.caveats"]
        == "look-ahead: 1 feature reads today's value of 2 columns at 12 cutoffs (to see)\n"
        + "no creation: every entity is taken to exist at every cutoff, also before its creation")
    #expect(tags["holdout.findings"] == "H442 few buyers")
  }

  @Test("a record of schema 1 is written as it was read")
  func schema1() throws {
    let lines = ["look-ahead: 1 feature", "silent source: visits (accepted: no fairs)"]
    let record = try Self.record(["caveats": lines, "accepted_caveats": [lines[1]]])
    #expect(record.schema == nil && record.caveats.map(\.words) == lines)
    #expect(record.caveats.map(\.name) == ["look-ahead", "silent source"])
    #expect(record.accepted.map(\.words) == [lines[1]])
    #expect(record.open.map(\.words) == [lines[0]])
    let written = try JSONDocument.text(record)
    #expect(written.contains("\"\(lines[1])\"") && !written.contains("schema"), "\(written)")
  }

  @Test("times that no clock can have written are zero, not a crash", arguments: [1e300, -1e300])
  func times(_ seconds: Double) throws {
    let payload = try Self.payload(
      changes: ["timings": [["stage": "training", "seconds": seconds]]])
    #expect(payload.startTime == payload.endTime)
  }
}
