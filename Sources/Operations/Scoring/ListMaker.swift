internal import Columns
internal import Diagnostics
internal import Experiment
internal import Learning
internal import Panel
internal import Promotion
internal import Runs
internal import Spec
internal import Warehouse

/// Makes and publishes a champion's lists for cutoffs.
struct ListMaker {
  let champion: ProductionModel
  let request: ScoreRequest
  let engine: Engine
  let builder: PanelBuilder
  /// By entity number.
  let keys: [String]
  let sinks: ScoreSinks
  let exclusions: ExclusionFiles
  let threads: Int

  private static let stage = "score list"

  /// Publishes the list of a cutoff.
  /// - Returns: the report, and the cohort that was scored.
  /// - Throws: `FindingsError`; nothing has changed then.
  func publish(_ day: CalendarDate) throws -> (report: ScoreReport, panel: ListPanel) {
    let spec = champion.spec
    let window = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    let block = try builder.block(
      Cutoff(date: day, role: .immature, windowEnd: window.end(day)))
    guard block.rowCount > 0 else { throw FindingsError(.emptyCohort(spec, at: day)) }
    try champion.youngSources(builder.firstDays, at: day).throwIfErrors()
    try checkGroups(at: day)
    let panel = ListPanel(block, spec: spec, score: champion.score, builder: builder)
    var warnings = builder.findings + champion.warnings
    warnings += try newLevels(panel)
    warnings += champion.hindsight(at: day)
    warnings += unknownColumns(at: day)
    let earlier = try EarlierLists(
      sinks, score: champion.score, capacity: spec.capacity, model: champion.name, cutoff: day,
      engine: engine)
    let list = try scored(panel, earlier, &warnings)
    let rows = panel.block.features.rows(list.published)
    let modelRows = FeatureBlock(
      rowCount: rows.rowCount, columns: Array(rows.columns.prefix(panel.featureCount)))
    try list.stage(
      as: Self.stage, score: champion.score, keys: keys,
      reasons: try reasons(of: modelRows, panel),
      stamp: ScoreList.Stamp(
        model: champion.name, runId: champion.runId, scoredAt: request.scoredAt),
      in: engine)
    let last = try earlier.last()
    let now = try earlier.rows(ofStaged: Self.stage)
    let written =
      request.isDryRun
      ? nil
      : try sinks.write(
        staged: Self.stage, order: ScoreList.Column.rank, model: champion.name, cutoff: day)
    let report = ScoreReport(
      name: champion.name, runId: champion.runId, cutoff: day, rowCount: list.rowCount,
      publishedCount: list.published.count, allocation: list.allocation,
      conditionalOn: spec.label.among?.source.value,
      changes: last.map { last in
        // Filled on demand, because usually no row has left.
        var cohort: Set<String>?
        return ScoreReport.Changes(
          since: last.cutoff,
          list: ListChanges(from: last.rows, to: now) { key in
            if cohort == nil { cohort = Set(block.entities.map { keys[Int($0)] }) }
            return cohort?.contains(key) ?? false
          })
      }, written: written, warnings: warnings)
    return (report, panel)
  }

  private func scored(
    _ panel: ListPanel, _ earlier: EarlierLists, _ warnings: inout [Finding]
  ) throws -> ScoreList {
    let encodings = champion.model.encodings(builder)
    let margins = try champion.model.predictor.predictMargins(
      blocks: [panel.features], encodings: encodings, threads: threads)
    let scores = champion.model.calibrator.apply(margins)
    let lastSelected =
      champion.spec.capacity == nil
      ? []
      : try earlier.lastSelected(keyTable: builder.keyTable, entityCount: builder.entityCount)
    let numbers = exclusions.numbers(keys: keys)
    let drawn = drawn()
    let list = ScoreList(
      panel, margins: margins, scores: scores, score: champion.score, topK: request.topK
    ) { ranking in
      champion.spec.capacity.map { capacity in
        let groups = champion.groups(of: panel)
        let entities = panel.block.entities
        return Allocation(
          AllocationRows(
            order: ranking.order, scores: scores, groups: groups.numbers,
            groupNames: groups.names, lastSelected: entities.map { lastSelected[Int($0)] },
            exclusions: entities.map { numbers[Int($0)] },
            clusters: panel.block.isClustered ? panel.block.clusters : nil,
            isDrawn: drawn.map { drawn in entities.map { drawn[Int($0)] } }),
          capacity: capacity, cutoff: panel.block.cutoff.date,
          arithmetic: champion.spec.cutoffs.monthArithmetic)
      }
    }
    if let allocation = list.allocation, !allocation.unknownGroups.isEmpty,
      let capacity = champion.spec.capacity
    {
      warnings.append(.unknownGroups(allocation.unknownGroups, capacity))
    }
    warnings += exclusions.warnings(keys: keys)
    return list
  }

  /// Whether each entity is drawn to be held back, by entity number; nil without a hold-back.
  private func drawn() -> [Bool]? {
    guard let share = champion.spec.capacity?.holdBack?.value else { return nil }
    let draw = HoldBackDraw(list: champion.name, share: share)
    guard let clusters = builder.clusters else { return keys.map(draw.draws) }
    let ofCluster = clusters.names(keys: keys).map(draw.draws)
    return clusters.numbers.map { ofCluster[Int($0)] }
  }

  /// The reasons of the published rows, in columns.
  private func reasons(of rows: FeatureBlock, _ panel: ListPanel) throws -> [[String?]] {
    guard champion.score.reasons > 0 else { return [] }
    let writer = ReasonWriter(
      features: champion.spec.features.map(\.name.value),
      levels: Array(panel.levels.prefix(panel.featureCount)), score: champion.score)
    let contributions = try champion.model.predictor.contributions(
      blocks: [rows], encodings: champion.model.encodings(builder), threads: threads)
    return writer.columns(contributions, of: rows)
  }

  /// Checks for category levels that no training row had.
  ///
  /// A level that is so rare that `min_frequency` would have folded it into `other` in training is
  /// scored as `other`, with a warning: every train cutoff is taken to have as many rows of it.
  /// - Returns: warnings, if the spec accepts such levels.
  private func newLevels(_ panel: ListPanel) throws -> [Finding] {
    var findings: [Finding] = []
    for (index, feature) in champion.spec.features.enumerated() {
      guard let known = champion.model.levels[feature.name.value], let texts = panel.levels[index]
      else { continue }
      let counts = try CategoryCounts(
        column: index, of: [panel.block.features], dictionaryCount: texts.count)
      let strangers = texts.indices.filter { counts.counts[$0] > 0 && known.isNew(texts[$0]) }
        .map { (text: texts[$0], rows: counts.counts[$0]) }
      guard !strangers.isEmpty else { continue }
      let minimum = feature.expression.policy?.minFrequency ?? 0
      let isRare = strangers.allSatisfy { $0.rows * champion.trainCutoffCount < minimum }
      findings.append(
        .newLevels(
          feature, strangers, isRefused: champion.score.newLevels == .refuse && !isRare,
          at: panel.block.cutoff.date))
    }
    try findings.throwIfErrors()
    return findings
  }

  /// Refuses to divide a list by a column that is unknown at the cutoff.
  private func checkGroups(at day: CalendarDate) throws(FindingsError) {
    guard let per = champion.spec.capacity?.per,
      case .column(let reference)? = champion.score.published
        .first(where: { $0.name.value == per.value })?.input,
      !champion.spec.isKnown(reference.value, at: day)
    else { return }
    throw FindingsError(.groupsUnknownAtCutoff(per, reference.value, at: day))
  }

  /// Warnings about published columns that have only today's values and are unknown at an earlier
  /// cutoff.
  private func unknownColumns(at day: CalendarDate) -> [Finding] {
    champion.score.sourceColumns.compactMap { column, reference in
      champion.spec.isKnown(reference.value, at: day)
        ? nil : .unknownAtCutoff(column, reference, at: day)
    }
  }
}

/// What the table of lists already holds for a model: the days rows were selected, and the last
/// list.
struct EarlierLists {
  private static let stage = "earlier lists"
  private let engine: Engine
  private let key: String
  private let cutoff: CalendarDate
  private let rank: String
  private let group: String?
  private let hasCapacity: Bool
  private let hasHoldBack: Bool

  /// Reads the lists up to and including a cutoff, so also that of an earlier scoring of the
  /// cutoff.
  init(
    _ sinks: ScoreSinks, score: ScoreSpec, capacity: CapacitySpec?, model: String,
    cutoff: CalendarDate, engine: Engine
  ) throws {
    self.engine = engine
    self.cutoff = cutoff
    key = score.key.value
    rank = score.rankColumns().first?.column ?? ScoreList.Column.rank
    group = score.rankWithin.first.flatMap { feature in
      score.published.first { $0.feature?.value == feature.value }?.name.value
    }
    hasCapacity = capacity != nil
    hasHoldBack = capacity?.holdBack != nil
    let columns =
      [key, ScoreList.Column.cutoff, rank, ScoreList.Column.selected]
      + [group, hasHoldBack ? ScoreList.Column.holdBack : nil].compactMap(\.self)
    try sinks.fetchEarlier(columns: columns, model: model, through: cutoff, into: Self.stage)
  }

  private var rows: String { SQL.identifier(Self.stage) }

  /// By entity number, the day of the last list before the cutoff on which the entity was selected,
  /// or was left alone by the hold-back. Held-back accounts cool down as the selected ones do: else
  /// they would fill the list, while those that they are compared with come and go.
  func lastSelected(
    keyTable: String, entityCount: Int
  ) throws(WarehouseError) -> [Int32] {
    var days = [Int32](repeating: AllocationRows.never, count: entityCount)
    let marks = [HoldBackMark.heldBack, .reserve].map { SQL.literal($0.rawValue) }
    let isLeftAlone =
      "coalesce(CAST(\(SQL.identifier(ScoreList.Column.holdBack)) AS VARCHAR) "
      + "IN (\(marks.joined(separator: ", "))), false)"
    let condition = hasHoldBack ? "(selected OR \(isLeftAlone))" : "selected"
    let batches = try engine.connection.query(
      """
      SELECT entity, max(CAST(cutoff_date AS DATE)) AS day FROM \(rows) AS list
      JOIN \(keyTable) AS keys ON keys.key = list.\(SQL.identifier(key))
      WHERE \(condition) AND cutoff_date < DATE '\(cutoff)' GROUP BY entity
      """)
    while let batch = try batches.next() {
      for row in 0..<batch.rowCount {
        if let entity = batch.columns[0].integer(row), let day = batch.columns[1].integer(row) {
          days[entity] = Int32(day)
        }
      }
    }
    return days
  }

  /// The last list and its day: the list that scoring the same cutoff again replaces or, if there
  /// is none, the one before it. With a capacity, only selected rows count.
  func last() throws(WarehouseError) -> (rows: ListRows, cutoff: CalendarDate)? {
    guard
      let day = try engine.connection.scalar(
        "SELECT max(CAST(cutoff_date AS DATE)) FROM \(rows)"
      ).flatMap({ CalendarDate($0) })
    else { return nil }
    return (try Self.rows(of: table(at: day), engine), day)
  }

  private func table(at day: CalendarDate) -> String {
    listRows(rows) + " WHERE CAST(cutoff_date AS DATE) = DATE '\(day)'"
      + (hasCapacity ? " AND selected" : "")
  }

  /// The rows of a table with the columns of a list, in the form in which `last` returns them.
  func rows(ofStaged table: String) throws(WarehouseError) -> ListRows {
    try Self.rows(
      of: listRows(SQL.identifier(table)) + (hasCapacity ? " WHERE selected" : ""), engine)
  }

  private func listRows(_ table: String) -> String {
    let groups = group.map(SQL.identifier) ?? "''"
    return "SELECT \(SQL.identifier(key)), CAST(\(SQL.identifier(rank)) AS INTEGER), "
      + "coalesce(CAST(\(groups) AS VARCHAR), '') FROM \(table)"
  }

  private static func rows(of query: String, _ engine: Engine) throws(WarehouseError) -> ListRows {
    var list = ListRows()
    let batches = try engine.connection.query("\(query) ORDER BY 2, 1")
    while let batch = try batches.next() {
      for row in 0..<batch.rowCount {
        guard let key = batch.columns[0].text(row) else { continue }
        list.keys.append(key)
        list.ranks.append(Int32(batch.columns[1].integer(row) ?? 0))
        list.groups.append(batch.columns[2].text(row) ?? "")
      }
    }
    return list
  }
}
