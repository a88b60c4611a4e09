import Diagnostics
import YAML

/// The values a spec wants tried, path by path, and the runs that come of them.
struct Sweep {
  /// More runs than this from one spec are taken for a mistake.
  static let maximumMembers = 1_000

  /// In the order written.
  let axes: [SweepAxis]
  /// How many combinations are drawn; nil: all are run.
  let random: Located<Int>?
  let seed: Int
  /// nil: every combination is run.
  let halving: HalvingSpec?
  private let key: Located<String>

  /// More paths than this are taken for a mistake.
  private static let maximumAxes = 20

  /// The paths that a composed spec sweeps, in the order written.
  static func paths(in composed: Node) -> [String] {
    let own = SpecLanguage.definition(.sweep)
    return (composed.mapping?["sweep"]?.mapping?.entries ?? []).map(\.key.value)
      .filter { own.key($0) == nil }
  }

  /// A composed spec without those paths of its sweep that arguments have set: a value that is given is
  /// not tried. Without any path left, without `sweep`.
  static func withoutFixed(_ composed: Node, _ fixed: [String]) -> Node {
    guard let mapping = composed.mapping, let sweep = mapping["sweep"]?.mapping, !fixed.isEmpty
    else { return composed }
    let own = SpecLanguage.definition(.sweep)
    let kept = sweep.entries.filter { entry in
      !fixed.contains { entry.key.value == $0 || entry.key.value.hasPrefix($0 + ".") }
    }
    if !sweep.entries.isEmpty, kept.allSatisfy({ own.key($0.key.value) != nil }) {
      return composed.without("sweep")
    }
    let entries = mapping.entries.map { entry in
      guard entry.key.value == "sweep" else { return entry }
      let value = Node(.mapping(Mapping(kept)), at: entry.value.span)
      return Mapping.Entry(key: entry.key, value: value)
    }
    return Node(.mapping(Mapping(entries)), at: composed.span)
  }

  /// The names of the learner's parameters among the axes.
  var parameters: Set<String> {
    let prefix = "model.params."
    return Set(
      axes.map(\.path.value).filter { $0.hasPrefix(prefix) }.map {
        String($0.dropFirst(prefix.count))
      })
  }

  /// The sweep of a composed spec; nil where it has none, or, with findings, where it is malformed.
  init?(of composed: Node, findings: inout [Finding]) {
    guard let key = composed.mapping?.entries.first(where: { $0.key.value == "sweep" })?.key,
      let node = composed.mapping?["sweep"]
    else { return nil }
    var checker = FormChecker()
    checker.check(node, as: .map(.sweep), subject: "`sweep`", anchor: key.span)
    var problems = checker.findings
    let definition = SpecLanguage.definition(.sweep)
    let entries = (node.mapping?.entries ?? []).filter { entry in
      definition.key(entry.key.value) == nil
    }
    if entries.isEmpty, problems.isEmpty {
      problems.append(.tooShort("`sweep`", minimum: 1, at: key.span))
    }
    if entries.count > Self.maximumAxes {
      problems.append(.tooManyAxes(entries.count, Self.maximumAxes, at: key.span))
    }
    problems += entries.prefix(Self.maximumAxes).compactMap { SweepAxis.problem($0.key) }
    let axes = problems.hasErrors ? [] : entries.compactMap { SweepAxis($0) }
    let fields = Fields(node)
    let random = fields?.integer("random")
    problems += axes.flatMap { $0.problems(isRandom: random != nil) }
    findings += problems
    guard !problems.hasErrors else { return nil }
    self.key = key
    self.axes = axes
    self.random = random
    seed = fields?.integer("seed")?.value ?? 42
    halving = HalvingSpec(Fields(StandardFiller.filled(node, as: .map(.sweep)))?.fields("halving"))
  }

  /// The spec once per combination, and what sets each apart; none, with findings, when there are too
  /// many or two would have the same name.
  func members(
    of base: Node, findings: inout [Finding]
  ) -> [(node: Node, variations: [Variation])] {
    guard !axes.isEmpty else { return [(base, [])] }
    guard let combinations = combinations(&findings) else { return [] }
    var names: Set<String> = []
    var members: [(node: Node, variations: [Variation])] = []
    for values in combinations {
      let variations = zip(axes, values).map { Variation(path: $0.path.value, value: $1) }
      let labels = Variation.labels(variations)
      guard names.insert(labels.joined(separator: ",")).inserted else {
        findings.append(.sameMember(labels, at: key.span))
        return []
      }
      var node = base
      for (axis, value) in zip(axes, values) {
        node = Merge.setting(node, axis.parts[...], to: value, findings: &findings) ?? node
      }
      members.append((node, variations))
    }
    return members
  }

  /// The values of each run, in the order of the axes; nil, with a finding, when there are too many.
  private func combinations(_ findings: inout [Finding]) -> [[Node]]? {
    let lists = axes.compactMap(\.list)
    // Counted with a ceiling, so that no product overflows.
    let count = lists.reduce(1) { min($0 * $1.count, 1_000_000_000) }
    let hasRange = lists.count < axes.count
    if let random, hasRange || count > random.value {
      let drawing = SweepDrawing(axes: axes, seed: seed)
      let drawn = drawing.combinations(random.value)
      if drawn.count < random.value {
        findings.append(.fewerMembers(drawn.count, asked: random))
      }
      return drawn
    }
    if let random, count < random.value { findings.append(.fewerMembers(count, asked: random)) }
    guard count <= Self.maximumMembers else {
      findings.append(.sweepTooLarge(count, Self.maximumMembers, at: key.span))
      return nil
    }
    return lists.reduce([[]]) { combinations, values in
      combinations.flatMap { combination in values.map { combination + [$0] } }
    }
  }
}
