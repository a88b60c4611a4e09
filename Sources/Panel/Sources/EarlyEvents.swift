internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Events from before the first version of their key in a source of versions that a condition on them
/// reads.
///
/// On such a day the condition sees null, and a comparison with null is not met. So if versions are
/// kept since last year, features of older events are 0 for a reason that has nothing to do with the
/// entity.
struct EarlyEvents {
  /// The largest share of such events without a warning: an account may have a few before it gets its
  /// first version.
  private static let largestShare = 0.1

  /// Conditions on one event source that read one source of versions.
  private struct Pair {
    let events: SourceSpec
    let history: SourceSpec
    /// The first of the conditions.
    let condition: SQLText
    /// The windows of all of them, nil for all events.
    var windows: [EventWindow?]
  }

  let plan: PanelPlan
  /// The timelines of all folds.
  let folds: [Timeline]

  private var spec: ExperimentSpec { plan.spec }

  /// Returns a warning for each source of versions that begins too late for the events of its keys.
  func findings(_ connection: Connection) throws(WarehouseError) -> [Finding] {
    let cutoffs = folds.flatMap(\.split).map(\.date)
    guard let first = cutoffs.min(), let last = cutoffs.max() else { return [] }
    var findings: [Finding] = []
    for pair in pairs {
      let starts = pair.windows.compactMap { window in
        window.map { spec.day($0.from, before: first) }
      }
      let start = starts.count < pair.windows.count ? nil : starts.min()
      let (time, from) = ("events.\(LoadedSource.time)", LoadedSource.validFrom)
      let row = try connection.query(
        "SELECT count(*), count(*) FILTER (WHERE \(time) < versions.first), "
          + "CAST(min(versions.first) AS VARCHAR) "
          + "FROM \(LoadedSource.table(pair.events.name.value)) AS events JOIN "
          + "(SELECT entity, min(\(from)) AS first FROM "
          + "\(LoadedSource.table(pair.history.name.value)) GROUP BY entity) AS versions "
          + "ON versions.entity = events.entity "
          + "WHERE \(time) <= \(ExpressionCompiler.literal(last))"
          + (start.map { " AND \(time) > \(ExpressionCompiler.literal($0))" } ?? "")
      ).next()
      guard let row, let all = row.columns[0].integer(0), let early = row.columns[1].integer(0),
        Double(early) > Self.largestShare * Double(all)
      else { continue }
      findings.append(
        .eventsBeforeVersions(
          pair.condition, pair.events, pair.history, early: early, of: all,
          first: row.columns[2].text(0) ?? ""))
    }
    return findings
  }

  /// The pairs of sources, in the order of the rules and features that read them. Sources in
  /// `references` are left out, because their versions belong to other keys.
  private var pairs: [Pair] {
    let counts = spec.cohort.rules.flatMap(\.value.counts).map {
      ($0.source.value, $0.condition, $0.window)
    }
    let aggregates = (spec.features + spec.inputs(of: spec.features))
      .compactMap(\.expression.aggregate).map { ($0.source.value, $0.condition, $0.window) }
    var pairs: OrderedDictionary<[String], Pair> = [:]
    for (name, condition, window) in counts + aggregates {
      guard let condition, let events = spec.sources[name] else { continue }
      let read = Set(plan.otherColumns(readBy: condition, on: name).map(\.source))
      for other in spec.sources.keys where read.contains(other) {
        guard let history = spec.sources[other], case .history = history.shape,
          history.foreignKey == nil, events.foreignKey == nil
        else { continue }
        pairs[
          [name, other],
          default: Pair(events: events, history: history, condition: condition, windows: [])
        ].windows.append(window)
      }
    }
    return Array(pairs.values)
  }
}

extension Finding {
  fileprivate static func eventsBeforeVersions(
    _ condition: SQLText, _ events: SourceSpec, _ history: SourceSpec, early: Int, of all: Int,
    first: String
  ) -> Finding {
    let share = NumberText.percent(Double(early) / Double(all))
    let name = history.name.value
    return Finding(
      448, .warning,
      "\(early.grouped) of \(all.grouped) rows of `\(events.name.value)` (\(share)) are older than "
        + "the first version of their key in `\(name)`",
      at: condition.content, label: "`\(name)` has no values on their days",
      notes: ["the first version of any key is valid from \(first)"],
      hints: [
        "choose windows (`within`) that begin after the first versions, or add older versions to "
          + "`\(name)`"
      ])
  }
}

extension Explanation {
  static let earlyEventFindings: [Explanation] = [
    Explanation(
      448, "events from before the first version of their key",
      cause: """
        A condition on events reads a source of versions as of the day of each event. More than \
        10 % of the events in the windows of such conditions are older than the first version of \
        their key. The condition sees null there, so it is usually not met, and the features of \
        early cutoffs are lower than those of later ones. Often the versions begin on the day on \
        which somebody started to keep them.
        """,
      example: .spec(
        """
        feature_sets: {more: [north: {count: calls, where: "«history.region = 'North'»"}]}
        features: [account, engagement, more]
        """, sql: "UPDATE history SET valid_from = DATE '2025-01-01';", Example.checkWithData),
      fix: """
        Choose a window that begins after the first versions at every cutoff, such as \
        `within: 30 days`, let train begin later, or add older versions to the source.
        """)
  ]
}
