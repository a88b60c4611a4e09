import Diagnostics
import OrderedCollections
import Spec

/// The panel by plain loops over rows, as the documentation describes it; shares nothing with
/// `PanelBuilder` but the spec it reads.
struct SlowPanel {
  struct Block {
    var keys: [String] = []
    var labels: [Bool] = []
    /// The number of entities of the cohort that have no label.
    var excluded = 0
    /// By feature, then by row.
    var features: [[SlowValue]] = []
    /// By column of segments, then by row.
    var segments: [[SlowValue]] = []
  }

  let spec: ExperimentSpec
  private let sources: [String: SlowSource]

  init(_ spec: ExperimentSpec, _ tables: [RawTable]) {
    self.spec = spec
    var sources: [String: SlowSource] = [:]
    for table in tables {
      if let source = spec.sources[table.name] { sources[table.name] = SlowSource(source, table) }
    }
    self.sources = sources
  }

  func block(_ cutoff: CalendarDate) -> Block {
    let view = View(spec, sources, cutoff)
    let columns = spec.segmentColumns
    var block = Block(
      features: spec.features.map { _ in [] }, segments: columns.map { _ in [] })
    let end = SlowCalendar.adding(
      spec.label.horizon.value, to: cutoff, spec.cutoffs.monthArithmetic)
    let observed = [observedThrough, spec.asOf?.value].compactMap(\.self).min()
    let last = min(end.days, observed?.days ?? end.days)
    let keys = view.entities.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for key in keys where spec.cohort.rules.allSatisfy({ view.holds($0.value, key) }) {
      if let among = spec.label.among,
        !hasRow(among.source.value, among.condition, key, cutoff.days, last)
      {
        block.excluded += 1
        continue
      }
      block.keys.append(key)
      block.labels.append(label(key, cutoff.days, last))
      for (index, feature) in spec.features.enumerated() {
        block.features[index].append(view.value(feature.expression, key))
      }
      for (index, column) in columns.enumerated() {
        block.segments[index].append(view.value(column.expression, key))
      }
    }
    return block
  }

  /// The cluster's value of every entity as text, null for none; nil if the spec has no clusters.
  var clusters: [(key: String, value: String?)]? {
    guard let column = spec.evaluation.cluster?.value else { return nil }
    return (sources[column.source]?.rows ?? []).map { row in
      switch row.values[column.column] {
      case .text(let text): (row.key, text)
      case .number(let number): (row.key, "\(Int(number))")
      default: (row.key, nil)
      }
    }
  }

  /// The last day of which all of the label's sources know.
  private var observedThrough: CalendarDate? {
    let source =
      switch spec.label.event {
      case .date(let column): column.value.source
      case .row(let source, _), .absence(let source, _): source.value
      }
    return ([source] + (spec.label.among.map { [$0.source.value] } ?? []))
      .compactMap { spec.sources[$0]?.dataThrough?.value }.min()
  }

  /// Whether the event falls into (start, end], or does not if that is the question; looks at rows
  /// whatever the cutoff.
  private func label(_ key: String, _ start: Int, _ end: Int) -> Bool {
    switch spec.label.event {
    case .date(let column):
      let rows = sources[column.value.source]?.rows ?? []
      return rows.contains { row in
        row.key == key
          && (row.values[column.value.column]?.day).map { $0 > start && $0 <= end } == true
      }
    case .row(let source, let condition):
      return hasRow(source.value, condition, key, start, end)
    case .absence(let source, let condition):
      return !hasRow(source.value, condition, key, start, end)
    }
  }

  private func hasRow(
    _ source: String, _ condition: SQLText?, _ key: String, _ start: Int, _ end: Int
  ) -> Bool {
    (sources[source]?.rows ?? []).contains { row in
      guard row.key == key, let day = row.start, day > start, day <= end else { return false }
      return SlowView.holds(condition, row, cutoff: start)
    }
  }

  /// The days of events that a label may ask for.
  var labelDays: [Int] {
    let days: [Int?] =
      switch spec.label.event {
      case .date(let column):
        (sources[column.value.source]?.rows ?? []).map { $0.values[column.value.column]?.day }
      case .row(let source, _), .absence(let source, _):
        (sources[source.value]?.rows ?? []).map(\.start)
      }
    return days.compactMap(\.self).sorted()
  }

  private typealias View = SlowView
}
