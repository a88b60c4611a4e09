internal import Diagnostics
internal import Glibc
internal import Randomness
internal import YAML

/// The values that a spec tries, by path, and the runs that result.
struct Sweep {
  /// The maximum number of runs from one spec; more are considered a mistake.
  static let maximumMembers = 1_000

  /// The paths with their values, in the order written.
  let axes: [SweepAxis]
  /// The number of combinations to draw; nil if all are run.
  let random: Located<Int>?
  let seed: Int
  /// How combinations are reduced before they are run; nil if they are not.
  let halving: HalvingSpec?
  private let key: Located<String>

  /// The maximum number of paths; more are considered a mistake.
  private static let maximumAxes = 20

  /// Returns the paths that a composed spec sweeps, in the order written.
  static func paths(in composed: Node) -> [String] {
    let own = SpecLanguage.definition(.sweep)
    return (composed.mapping?["sweep"]?.mapping?.entries ?? []).map(\.key.value)
      .filter { own.key($0) == nil }
  }

  /// Returns a composed spec whose sweep lacks the paths that arguments set, because a given value
  /// is not varied. If no path remains, `sweep` is removed.
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

  /// Decodes the sweep of a composed spec; nil if there is none or, with findings, if it is
  /// malformed.
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
    halving = HalvingSpec(Fields(DefaultFiller.filled(node, as: .map(.sweep)))?.fields("halving"))
  }

  /// Returns the spec once per combination with the variations of each; none, with findings, if
  /// there are too many or if two would have the same name.
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

  /// Returns the values of each run, in the order of the axes; nil with a finding if there are too
  /// many.
  private func combinations(_ findings: inout [Finding]) -> [[Node]]? {
    let lists = axes.compactMap(\.list)
    // Limit the count, so that no product overflows.
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
/// A draw depends only on the seed, the path and the index of the draw. Adding, removing or
/// reordering paths leaves the values of the others unchanged.
struct SweepDrawing {
  let axes: [SweepAxis]
  let seed: Int

  /// Returns distinct combinations in the order drawn; fewer than `count` if there are not enough.
  func combinations(_ count: Int) -> [[Node]] {
    var seen: Set<[String]> = []
    var combinations: [[Node]] = []
    // If nearly all combinations are requested, most draws are repetitions. 50 draws per requested
    // combination find at least 99 % of a list of up to 1,000, and ranges have almost no
    // repetitions.
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

  /// Returns a number from 0 (included) to 1 (excluded).
  private func share(_ path: String, _ draw: Int) -> Double {
    let stream = SplitMix64.mixed(UInt64(seed) ^ SplitMix64.number(of: path))
    let bits = SplitMix64.mixed(stream &+ UInt64(draw) &* 0x9E37_79B9_7F4A_7C15)
    return Double(bits >> 11) * 0x1p-53
  }
}

/// One path of a sweep and the values to try.
struct SweepAxis {
  let path: Located<String>
  /// The listed values; nil for a range.
  let list: [Node]?
  /// The range to draw from; nil for a list.
  let range: SweepRange?

  /// Creates the axis of an entry whose form has been checked.
  init?(_ entry: Mapping.Entry) {
    path = entry.key
    list = entry.value.sequence
    range = SweepRange(DefaultFiller.filled(entry.value, as: .map(.range)))
    if list == nil, range == nil { return nil }
  }

  /// The parts of the path, each with the position of the complete path.
  var parts: [Located<String>] {
    path.value.split(separator: ".").map { Located(String($0), at: path.span) }
  }

  /// Returns what is wrong with the values.
  func problems(isRandom: Bool) -> [Finding] {
    guard let range else { return [] }
    var problems: [Finding] = []
    if !isRandom { problems.append(.rangeInGrid(path)) }
    if range.low.value >= range.high.value { problems.append(.emptyRange(range.low, range.high)) }
    if range.isLogarithmic, range.low.value <= 0 { problems.append(.logOfNothing(range.low)) }
    return problems
  }

  /// Returns what is wrong with a path, followed through the language.
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
  /// The alternative that has children.
  var descended: ValueKind {
    guard case .either(let kinds) = self else { return self }
    return kinds.first { $0.shape != .scalar } ?? self
  }
}

/// A range of numbers that a sweep draws from.
struct SweepRange {
  let low: Located<Double>
  let high: Located<Double>
  let isLogarithmic: Bool
  /// Whether only integers are drawn: both ends were written as integers.
  let isWhole: Bool

  /// Decodes the range of a map whose form has been checked and whose defaults are filled in; nil
  /// for anything else.
  init?(_ node: Node) {
    guard let fields = Fields(node), let low = fields.number("from"),
      let high = fields.number("to"), let scale = fields.text("scale")
    else { return nil }
    self.low = low
    self.high = high
    isLogarithmic = scale.value == "log"
    isWhole = fields.integer("from") != nil && fields.integer("to") != nil
  }

  /// Returns the number at a share of the range, from 0 (included) to 1 (excluded). In a linear
  /// range of integers, all have the same share.
  func value(at share: Double) -> Scalar {
    let upper = isWhole ? high.value + 1 : high.value
    let number =
      isLogarithmic
      ? low.value * exp(share * log(upper / low.value)) : low.value + share * (upper - low.value)
    if isWhole, let whole = Int(exactly: min(number.rounded(.down), high.value)) {
      return Scalar(text: String(whole), style: .plain)
    }
    // Four digits are precise enough for any learner parameter and keep names readable.
    let rounded = min(max(Self.rounded(number), low.value), high.value)
    return Scalar(text: "\(rounded)", style: .plain)
  }

  private static func rounded(_ number: Double) -> Double {
    guard number != 0, number.isFinite else { return number }
    let digits = 3 - Int(log10(abs(number)).rounded(.down))
    // Beyond 10^22 a power of ten is not exact, and no parameter has such a magnitude.
    guard abs(digits) <= 22 else { return number }
    let factor = pow(10, Double(abs(digits)))
    return digits >= 0 ? (number * factor).rounded() / factor : (number / factor).rounded() * factor
  }
}
