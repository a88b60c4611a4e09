internal import Diagnostics
internal import Glibc
internal import Randomness
internal import YAML

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

/// Draws combinations of a sweep's values.
///
/// A draw depends on the seed, the path and the draw's number alone: another path more or less, or
/// another order of paths, leaves the values of the rest as they are.
struct SweepDrawing {
  let axes: [SweepAxis]
  let seed: Int

  /// Different combinations in the order drawn; fewer than asked for where there are not so many.
  func combinations(_ count: Int) -> [[Node]] {
    var seen: Set<[String]> = []
    var combinations: [[Node]] = []
    // Where nearly all combinations are wanted, most draws are repetitions; 50 a wanted one find at
    // least 99 % of a list of up to 1,000 combinations, and a range has as good as no repetitions.
    for draw in 0..<(50 * count) where combinations.count < count {
      let values = axes.map { value($0, draw) }
      if seen.insert(values.map(\.canonicalText)).inserted { combinations.append(values) }
    }
    return combinations
  }

  private func value(_ axis: SweepAxis, _ draw: Int) -> Node {
    let share = share(axis.path.value, draw)
    if let range = axis.range {
      return Node(.scalar(range.value(at: share)), at: axis.path.span)
    }
    let list = axis.list ?? []
    return list[min(Int(share * Double(list.count)), list.count - 1)]
  }

  /// A number from 0 (included) to 1 (excluded).
  private func share(_ path: String, _ draw: Int) -> Double {
    let stream = SplitMix64.mixed(UInt64(seed) ^ SplitMix64.number(of: path))
    let bits = SplitMix64.mixed(stream &+ UInt64(draw) &* 0x9E37_79B9_7F4A_7C15)
    return Double(bits >> 11) * 0x1p-53
  }
}

/// One path of a sweep and the values that are tried there.
struct SweepAxis {
  let path: Located<String>
  /// The values as listed; nil for a range.
  let list: [Node]?
  /// The numbers to draw from; nil for a list.
  let range: SweepRange?

  /// The axis of an entry whose form has been checked.
  init?(_ entry: Mapping.Entry) {
    path = entry.key
    list = entry.value.sequence
    range = SweepRange(StandardFiller.filled(entry.value, as: .map(.range)))
    if list == nil, range == nil { return nil }
  }

  /// The path's parts; each stands where the whole path is written.
  var parts: [Located<String>] {
    path.value.split(separator: ".").map { Located(String($0), at: path.span) }
  }

  /// What is wrong with the values.
  func problems(isRandom: Bool) -> [Finding] {
    guard let range else { return [] }
    var problems: [Finding] = []
    if !isRandom { problems.append(.rangeInGrid(path)) }
    if range.low.value >= range.high.value { problems.append(.emptyRange(range.low, range.high)) }
    if range.isLogarithmic, range.low.value <= 0 { problems.append(.logOfNothing(range.low)) }
    return problems
  }

  /// What is wrong with a path, followed through the language.
  static func problem(_ path: Located<String>) -> Finding? {
    let parts = path.value.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= Override.maximumParts else {
      return .unknownSweepPath(path, path.value.shortened, among: [])
    }
    var kind = ValueKind.map(.experiment)
    for part in parts {
      switch kind.descended {
      case .map(let name):
        let definition = SpecLanguage.definition(name)
        let isOwn = name == .experiment
        guard let key = definition.key(String(part)),
          !(isOwn && ["sweep", "extends", "name", "version"].contains(key.name))
        else {
          if isOwn, definition.key(String(part)) != nil {
            return .notSwept(path, String(part))
          }
          let names = definition.keys.map(\.name) + (isOwn ? ["random", "seed", "halving"] : [])
          return .unknownSweepPath(path, String(part), among: names)
        }
        kind = key.kind
      case .names(let value, _), .list(let value, _), .entry(let value): kind = value
      default: return .unknownSweepPath(path, String(part), among: [])
      }
    }
    return nil
  }
}

extension ValueKind {
  /// The alternative that has something below it.
  fileprivate var descended: ValueKind {
    guard case .either(let kinds) = self else { return self }
    return kinds.first { $0.shape != .scalar } ?? self
  }
}

/// Numbers that a sweep draws from.
struct SweepRange {
  let low: Located<Double>
  let high: Located<Double>
  let isLogarithmic: Bool
  /// Whether only whole numbers are drawn: both ends were written as such.
  let isWhole: Bool

  /// The range of a map whose form has been checked and whose defaults are in; nil for anything else.
  init?(_ node: Node) {
    guard let fields = Fields(node), let low = fields.number("from"),
      let high = fields.number("to"), let scale = fields.text("scale")
    else { return nil }
    self.low = low
    self.high = high
    isLogarithmic = scale.value == "log"
    isWhole = fields.integer("from") != nil && fields.integer("to") != nil
  }

  /// The number at a share of the range, from 0 (included) to 1 (excluded); every whole number has the
  /// same share of a linear range.
  func value(at share: Double) -> Scalar {
    let upper = isWhole ? high.value + 1 : high.value
    let number =
      isLogarithmic
      ? low.value * exp(share * log(upper / low.value)) : low.value + share * (upper - low.value)
    if isWhole, let whole = Int(exactly: min(number.rounded(.down), high.value)) {
      return Scalar(text: String(whole), style: .plain)
    }
    // Four digits are as fine as any learner's setting needs, and make names that can be read.
    let rounded = min(max(Self.rounded(number), low.value), high.value)
    return Scalar(text: "\(rounded)", style: .plain)
  }

  private static func rounded(_ number: Double) -> Double {
    guard number != 0, number.isFinite else { return number }
    let digits = 3 - Int(log10(abs(number)).rounded(.down))
    // Beyond 10^22 a power of ten is no longer exact, and no setting is so large or so small.
    guard abs(digits) <= 22 else { return number }
    let factor = pow(10, Double(abs(digits)))
    return digits >= 0 ? (number * factor).rounded() / factor : (number / factor).rounded() * factor
  }
}
