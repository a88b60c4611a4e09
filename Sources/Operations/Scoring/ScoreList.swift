internal import Columns
internal import Diagnostics
internal import Experiment
internal import Panel
internal import Spec
internal import Warehouse

/// The scored and ranked cohort of one cutoff, and its published rows.
struct ScoreList {
  let panel: ListPanel
  let cutoff: CalendarDate
  let margins: [Double]
  let scores: [Double]
  let ranking: Ranking
  /// Each row's rank over all rows.
  let ranks: [Int32]
  /// Each row's rank within its level of a feature, by column.
  let rankColumns: [(name: String, ranks: [Int32])]
  /// The call list; nil without a capacity.
  let allocation: Allocation?
  /// The published rows, best first.
  let published: [Int]

  /// - Parameters:
  ///   - topK: how many rows to publish per level of the first `rank_within`, or in total without
  ///     one; nil for all rows.
  ///   - allocate: selects rows, given their order.
  init(
    _ panel: ListPanel, margins: [Double], scores: [Double], score: ScoreSpec, topK: Int?,
    allocate: (Ranking) -> Allocation?
  ) {
    self.panel = panel
    self.margins = margins
    self.scores = scores
    cutoff = panel.block.cutoff.date
    let ranking = Ranking(margins: margins, entities: panel.block.entities)
    self.ranking = ranking
    let ranks = ranking.overall
    self.ranks = ranks
    let columns = score.rankColumns().map { column, feature in
      let groups = score.published.first { $0.feature?.value == feature }
        .map { panel.groups(of: $0).numbers }
      return (
        name: column,
        ranks: ranking.within(groups ?? [Int32](repeating: 0, count: margins.count))
      )
    }
    rankColumns = columns
    let allocation = allocate(ranking)
    self.allocation = allocation
    let deciding = columns.first?.ranks ?? ranks
    published = ranking.order.filter { row in
      guard let topK else { return true }
      // Outcomes compares the rows that were selected with those that were held back.
      return Int(deciding[row]) <= topK || allocation?.selected[row] == true
        || allocation?.mark(row) != nil
    }
  }

  var rowCount: Int { margins.count }
}

extension ScoreList {
  /// The names of a list's own columns, which no published column may have.
  enum Column {
    static let cutoff = "cutoff_date"
    static let rank = "rank_global"
    static let selected = "selected"
    static let holdBack = ScoreSpec.holdBackColumn
  }

  /// The values that all rows of a list share.
  struct Stamp {
    let model: String
    let runId: String
    let scoredAt: String
  }

  /// Stores the published rows in a table of the engine, with the columns of the list.
  /// - Parameters:
  ///   - keys: by entity number.
  ///   - reasons: in columns, in the order of the published rows.
  func stage(
    as table: String, score: ScoreSpec, keys: [String], reasons: [[String?]], stamp: Stamp,
    in engine: Engine
  ) throws(WarehouseError) {
    var columns = StagedColumns()
    func add(_ name: String, _ values: ExportBatch.Values, _ sql: (String) -> String = { $0 }) {
      columns.add(name, values, sql)
    }
    add(score.key.value, .text(published.map { keys[Int(panel.block.entities[$0])] }))
    columns.add(constant: "DATE '\(cutoff)'", as: Column.cutoff)
    add("score", .double(published.map { scores[$0] }))
    add(Column.rank, .int32(published.map { ranks[$0] }))
    for column in rankColumns { add(column.name, .int32(published.map { column.ranks[$0] })) }
    for column in score.published { addPublished(column, to: &columns) }
    for (number, texts) in reasons.enumerated() {
      add("reason_\(number + 1)", .text(texts.map { $0 ?? "" })) { "nullif(\($0), '')" }
    }
    add("margin", .double(published.map { margins[$0] }))
    columns.add(constant: SQL.literal(stamp.runId), as: "run_id")
    columns.add(constant: "TIMESTAMPTZ \(SQL.literal("\(stamp.scoredAt)+00"))", as: "scored_at")
    columns.add(constant: SQL.literal(stamp.model), as: "model")
    if let allocation {
      add(Column.selected, .int8(published.map { allocation.selected[$0] ? 1 : 0 })) {
        "CAST(\($0) AS BOOLEAN)"
      }
      add("selected_because", .text(published.map(allocation.because)))
      if allocation.holdBack != nil {
        add(
          Column.holdBack, .text(published.map { allocation.mark($0)?.rawValue ?? "" })
        ) { "nullif(\($0), '')" }
      }
    }
    try columns.store(as: table, rowCount: published.count, in: engine)
  }

  private func addPublished(_ column: PublishedColumn, to columns: inout StagedColumns) {
    let name = column.name.value
    switch panel.content(of: column) {
    case .unknown: columns.add(constant: "CAST(NULL AS \(panel.type(of: column)))", as: name)
    case .texts(let codes, let levels, let missing):
      let texts = codes.rows(published).codes.map { $0 < 0 ? missing ?? "" : levels[Int($0)] }
      let type = panel.type(of: column)
      // The engine itself made these texts from the values, so it reads them back exactly.
      columns.add(name, .text(texts)) {
        type == "VARCHAR" ? "nullif(\($0), '')" : "CAST(nullif(\($0), '') AS \(type))"
      }
    case .numbers(let values):
      switch values.rows(published) {
      case .int8(let values): columns.addWhole(name, values)
      case .int16(let values): columns.addWhole(name, values)
      case .int32(let values): columns.addWhole(name, values)
      case .float(let values): columns.addFraction(name, values.map(Double.init))
      case .double(let values): columns.addFraction(name, values)
      }
    }
  }
}

/// Columns on their way into the engine: raw values, and the SQL that turns them into the list's.
private struct StagedColumns {
  private var values: [(name: String, values: ExportBatch.Values)] = []
  private var list: [String] = []

  mutating func add(
    _ name: String, _ values: ExportBatch.Values, _ sql: (String) -> String = { $0 }
  ) {
    let raw = "v\(self.values.count)"
    self.values.append((raw, values))
    list.append("\(sql(raw)) AS \(SQL.identifier(name))")
  }

  mutating func add(constant: String, as name: String) {
    list.append("\(constant) AS \(SQL.identifier(name))")
  }

  mutating func addWhole<Value: FixedWidthInteger>(_ name: String, _ values: [Value]) {
    add(name, .int32(values.map { $0 == .min ? .min : Int32($0) })) {
      "nullif(\($0), \(Int32.min))"
    }
  }

  mutating func addFraction(_ name: String, _ values: [Double]) {
    add(name, .double(values)) { "CASE WHEN NOT isnan(\($0)) THEN \($0) END" }
  }

  func store(as table: String, rowCount: Int, in engine: Engine) throws(WarehouseError) {
    let raw = "staged values"
    try engine.connection.ingest(
      ExportBatch(rowCount: rowCount, columns: values), into: raw, appending: false)
    try engine.connection.execute(
      "CREATE OR REPLACE TABLE \(SQL.identifier(table)) AS SELECT "
        + list.joined(separator: ", ") + " FROM \(SQL.identifier(raw))")
    try engine.connection.execute("DROP TABLE \(SQL.identifier(raw))")
  }
}
