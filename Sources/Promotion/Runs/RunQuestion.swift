internal import Diagnostics
internal import Evaluation
internal import Runs
internal import Spec
internal import YAML

/// The question that a run answers. Only runs that answer the same question can be compared.
struct RunQuestion {
  /// One part of the question, and its value.
  struct Part: Hashable {
    /// `label.horizon`, `cohort.where`, `test cutoffs` ...
    let name: String
    let value: String
  }

  static let testCutoffs = "test cutoffs"

  /// Label, cohort and test cutoffs; nil if the run's spec is not available.
  private let spec: [Part]?
  /// The test cutoffs with their rows, positives and buyers, from metrics.json.
  private let counts: [Part]
  /// The same without buyers, of which there are as many as the run's clusters make.
  private let rowCounts: [Part]
  /// The columns whose values are the run's clusters.
  private let clusters: Set<String>

  /// - Throws: `FindingsError` when the run's spec cannot be read.
  init(_ run: ComparedRun) throws(FindingsError) {
    counts = Self.counts(run.metrics, withBuyers: true)
    rowCounts = Self.counts(run.metrics, withBuyers: false)
    clusters = Set((run.metrics["evaluation"]?["cluster"]?.entries ?? [:]).keys)
    func total(_ name: String) -> String {
      run.metrics[["test", "pooled", name]].map { Int($0).grouped } ?? "-"
    }
    rows = "\(total("rows")) test rows, \(total("positives")) positives"
    guard let stored = run.run else {
      spec = nil
      return
    }
    spec =
      Self.parts(try stored.resolved().tree)
      + [Part(name: Self.testCutoffs, value: stored.testCutoffs.joined(separator: ", "))]
  }

  /// Whether two runs answer the same question and have as many rows, positives and buyers. Buyers
  /// are compared only if both runs have the same clusters.
  func isSame(as other: RunQuestion) -> Bool {
    let (own, others) = comparableCounts(with: other)
    return own == others && (spec == nil || other.spec == nil || spec == other.spec)
  }

  private func comparableCounts(with other: RunQuestion) -> ([Part], [Part]) {
    clusters == other.clusters ? (counts, other.counts) : (rowCounts, other.rowCounts)
  }

  /// The test rows, for people.
  let rows: String

  /// The complete question as one text.
  var text: String { (spec ?? counts).map { "\($0.name): \($0.value)" }.joined(separator: "\n") }

  /// Label and horizon or, if they are unknown, the test cutoffs, for a heading.
  var heading: String {
    let parts = Dictionary((spec ?? []).map { ($0.name, $0.value) }) { first, _ in first }
    let outcome = parts["label.event"] ?? parts["label.absent"].map { "no \($0)" }
    guard let event = outcome, let horizon = parts["label.horizon"],
      let cutoffs = parts[Self.testCutoffs]
    else { return "test cutoffs " + counts.map(\.name).joined(separator: ", ") }
    let among = parts["label.among"].map { ", among \($0)" } ?? ""
    return "\(event) within \(horizon)\(among), test cutoffs \(cutoffs)"
  }

  /// The differences between two questions. If one side has only metrics, it is enough that the
  /// test cutoffs have the same rows, positives and buyers.
  func differences(from base: RunQuestion) -> [QuestionDifference] {
    guard let spec, let other = base.spec else {
      let (own, others) = comparableCounts(with: base)
      return Self.differences(others, own)
    }
    return Self.differences(other, spec)
  }

  private static func differences(_ base: [Part], _ candidate: [Part]) -> [QuestionDifference] {
    let values = Dictionary(candidate.map { ($0.name, $0.value) }) { first, _ in first }
    let bases = Dictionary(base.map { ($0.name, $0.value) }) { first, _ in first }
    let names = base.map(\.name) + candidate.map(\.name).filter { bases[$0] == nil }
    return names.filter { bases[$0] != values[$0] }.map {
      QuestionDifference(name: $0, base: bases[$0] ?? "none", candidate: values[$0] ?? "none")
    }
  }

  // MARK: - Parts

  private static func parts(_ spec: LoadedSpec) -> [Part] {
    let root = spec.resolved?.mapping
    var parts = leaves(root?["label"], under: "label") + leaves(root?["cohort"], under: "cohort")
    if let arithmetic = root?["cutoffs"]?.mapping?["month_arithmetic"] {
      parts.append(Part(name: "month_arithmetic", value: inline(arithmetic)))
    }
    return parts
  }

  private static func leaves(_ node: Node?, under path: String) -> [Part] {
    guard let node else { return [] }
    guard let mapping = node.mapping, path == "label" || path == "cohort" else {
      // All rules apply, so their order does not matter.
      let value = node.sequence.map { $0.map(inline).sorted().joined(separator: "; ") }
      return [Part(name: path, value: value ?? inline(node))]
    }
    return mapping.entries.sorted { $0.key.value < $1.key.value }.flatMap {
      leaves($0.value, under: "\(path).\($0.key.value)")
    }
  }

  private static func inline(_ node: Node) -> String {
    switch node.content {
    case .scalar(let scalar): scalar.text
    case .sequence(let items): "[" + items.map(inline).joined(separator: ", ") + "]"
    case .mapping(let mapping):
      "{"
        + mapping.entries.map { "\($0.key.value): \(inline($0.value))" }.joined(separator: ", ")
        + "}"
    }
  }

  private static func counts(_ metrics: MetricTree, withBuyers: Bool) -> [Part] {
    let cutoffs = metrics["test"]?["cutoffs"]?.entries ?? [:]
    return cutoffs.sorted { $0.key < $1.key }.map { date, block in
      func count(_ name: String) -> String { block[name]?.number.map { "\(Int($0))" } ?? "-" }
      return Part(
        name: date,
        value: "\(count("rows")) rows, \(count("positives")) positives"
          + (withBuyers ? ", \(count("positive_entities")) positive entities" : ""))
    }
  }
}
