internal import Diagnostics
internal import Evaluation
internal import Learning
public import Promotion

extension Page {
  /// The runs of each question, best first, for a browser.
  public init(figuresOf board: Leaderboard) {
    self.init(LeaderboardFigures(board: board).blocks)
  }
}

private struct LeaderboardFigures {
  let board: Leaderboard

  /// The most runs in a figure.
  private static let limit = 40
  /// The most features in a heat map.
  private static let featureLimit = 25
  /// The most sweeps of a question with figures.
  private static let sweepLimit = 6

  private var metric: String { board.metric }

  var blocks: [Page.Block] {
    let conclusions = board.questions.map(conclusion)
    return [
      .heading("Leaderboard by \(metric)", level: 1),
      conclusions.count == 1
        ? .paragraph(conclusions[0])
        : .list(zip(board.questions, conclusions).map { "\($0.heading): \($1)" }),
      .notes(board.notes.map(\.words)),
    ] + board.questions.flatMap(blocks)
  }

  /// The best run, and how much of its lead is luck.
  private func conclusion(_ question: Leaderboard.Question) -> String {
    let ranked = question.entries.filter { $0.rank != nil }
    guard let best = ranked.first else {
      return "No run is ranked: each has insufficient evidence or a caveat."
    }
    let estimate = ChartEstimate(metric, best.metrics).words
    guard ranked.count > 1 else {
      return "`\(best.run.name)` is the only ranked run, with \(metric) \(estimate)."
    }
    let ties = ranked.count { $0.rank == 1 }
    let first =
      ties > 1
      ? "\(ties.grouped) of \(ranked.count.grouped) runs have the best \(metric), \(estimate)."
      : "`\(best.run.name)` has the best \(metric) of \(ranked.count.grouped) runs, \(estimate)."
    return "\(first) \(board.optimism(question))"
  }

  private func blocks(_ question: Leaderboard.Question) -> [Page.Block] {
    let sweeps = Sweep.all(of: question.entries)
    let left = sweeps.count - Self.sweepLimit
    return [
      .group([.heading(question.heading, level: 2), .paragraph(question.rows)]),
      .figure(runs(question)),
    ] + sweeps.prefix(Self.sweepLimit).flatMap { figures($0, question) }
      + [
        .paragraph(left > 0 ? "\(left.of("other sweep")) of this question have no figures." : ""),
        .heading("All runs", level: 3), .table(board.table(question)),
      ]
  }

  /// The metric of each run.
  private func runs(_ question: Leaderboard.Question) -> Figure {
    let shown = question.entries.prefix(Self.limit)
    var chart = MetricsChart(
      entries: shown.map { $0.run.name + ($0.rank == nil ? " (not ranked)" : "") },
      metrics: [.init(metric, shown.map { ChartEstimate(metric, $0.metrics) })])
    chart.title = "Runs by \(metric)"
    let left = question.entries.count - shown.count
    return Figure(
      chart,
      caption: "Each run's own interval; `holdout compare` has intervals of the differences."
        + (left > 0 ? " \(left.of("other run")) not shown." : ""))
  }

  // MARK: - Sweeps

  private func figures(_ sweep: Sweep, _ question: Leaderboard.Question) -> [Page.Block] {
    [
      .heading("Sweep of \(sweep.name)", level: 3), .figure(members(sweep, question)),
    ] + [importance(sweep)].compactMap(\.self).map { .figure($0) }
  }

  /// What the members differ in, and their metrics.
  private func members(_ sweep: Sweep, _ question: Leaderboard.Question) -> Figure {
    let others = ["pr_auc", "log_loss", Leaderboard.lift(question)].compactMap(\.self)
      .filter { $0 != metric }
    let measured = ([metric] + others).map { name in
      SweepChart.Column(name, numbers: sweep.members.map { ChartEstimate(name, $0.metrics) })
    }
    var chart = SweepChart(members: sweep.labels, columns: sweep.columns + measured)
    chart.title = "Members of \(sweep.name)"
    return Figure(
      chart,
      caption: "Best first, by \(metric). A value that all members share is left out."
        + (sweep.leftOut > 0 ? " So are \(sweep.leftOut.of("other key"))." : "") + sweep.naming)
  }

  /// The share of the gain of each feature in each member; nil if no member has any.
  private func importance(_ sweep: Sweep) -> Figure? {
    let shares = sweep.members.map(\.run.importance.sharesOfGain)
    let shown = shares.prefix(Self.limit)
    let means = Set(shown.flatMap(\.keys)).map { feature in
      (feature: feature, sum: shown.reduce(0) { $0 + ($1[feature] ?? 0) })
    }
    let features = means.sorted {
      $0.sum == $1.sum ? $0.feature < $1.feature : $0.sum > $1.sum
    }.map(\.feature)
    guard !features.isEmpty else { return nil }
    var chart = HeatMapChart(
      title: "Importance of features over the members of \(sweep.name)", rows: features,
      columns: sweep.labels,
      values: features.map { feature in shares.map { $0[feature] ?? .nan } })
    chart.nouns = ("feature", "member")
    (chart.rowLimit, chart.columnLimit) = (Self.featureLimit, Self.limit)
    return Figure(
      chart,
      caption: "The share of each member's total gain, by the mean over the members that are "
        + "shown; blank if a member does not have the feature.\(sweep.naming)")
  }
}

/// Runs whose names differ only in the values after the `@`: `solidworks@num_leaves=15,seed=2`.
private struct Sweep {
  /// What comes before the `@`.
  let name: String
  /// Ranked members first, best first.
  let members: [Leaderboard.Entry]
  /// What distinguishes each member: what comes after the `@`, or the values of several keys.
  let labels: [String]
  /// How members are named, as a sentence after others; empty if they are named by their keys.
  let naming: String
  /// The keys whose values differ.
  let columns: [SweepChart.Column]
  /// The number of such keys that are not among the columns.
  let leftOut: Int

  /// The most keys that are drawn.
  private static let keyLimit = 5

  /// The sweeps with at least two members, in the order of their best members.
  static func all(of entries: [Leaderboard.Entry]) -> [Sweep] {
    var names: [String] = []
    var groups: [String: [(label: String, entry: Leaderboard.Entry)]] = [:]
    for entry in entries {
      let parts = entry.run.name.split(
        separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else { continue }
      let name = String(parts[0])
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append((String(parts[1]), entry))
    }
    return names.compactMap { name in
      guard let members = groups[name], members.count > 1 else { return nil }
      return Sweep(name, members)
    }
  }

  private init(_ name: String, _ members: [(label: String, entry: Leaderboard.Entry)]) {
    self.name = name
    self.members = members.map(\.entry)
    let values = members.map { Self.values($0.label) }
    var keys: [String] = []
    for key in values.joined().map(\.key) where !keys.contains(key) { keys.append(key) }
    // By key, the values of the members.
    let all = keys.map { key in
      (key, values.map { pairs in pairs.first { $0.key == key }?.value ?? "" })
    }.filter { Set($0.1).count > 1 }
    let columns = all.map { key, texts in
      let numbers = texts.map { $0.isEmpty ? Double.nan : Double($0)?.known }
      let known = numbers.compactMap(\.self)
      return known.count == texts.count
        ? SweepChart.Column(key, numbers: known.map { ChartEstimate($0) })
        : SweepChart.Column(key, texts: texts)
    }
    // Values alone are short enough to be read, if they tell all members apart.
    let short = members.indices.map { index in all.map { $0.1[index] }.joined(separator: ", ") }
    let isShort =
      all.count > 1 && !all.contains { $0.1.contains("") } && Set(short).count == members.count
    labels = isShort ? short : members.map(\.label)
    naming = isShort ? " Members are named by \(all.map(\.0).inWords("and"))." : ""
    self.columns = Array(columns.prefix(Self.keyLimit))
    leftOut = max(0, columns.count - Self.keyLimit)
  }

  /// The keys and values of a label. A part without `=` is not one.
  private static func values(_ label: String) -> [(key: String, value: String)] {
    label.split(separator: ",").compactMap { part in
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
    }
  }
}
