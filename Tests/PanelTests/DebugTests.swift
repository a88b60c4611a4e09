import Diagnostics
import OrderedCollections
import Panel
import Spec
import Testing
import Warehouse

@Test func debugNames() throws {
  func run(_ name: String, _ column: String, _ feature: String) {
    do {
      let b = try Bench()
      try b.write("customers", "SELECT * FROM (VALUES ('7', '2020-01-01', NULL::DATE, 'x1', 'tab\t')) t(id, created, bought, \(column), other)")
      try b.write("calls", "SELECT * FROM (VALUES ('7', DATE '2020-02-01', 'y1')) t(id, day, \(column))")
      let p = try b.builder("""
        version: 1
        name: names
        data_through: 2024-12-31
        sources:
          customers: {parquet: customers.parquet, key: id, created: created, columns: {
            created: {type: date, class: event}, bought: {type: date, class: event}, \(name): {type: text, class: static}, other: {type: text, class: static}}}
          calls: {parquet: calls.parquet, key: id, time: day, columns: {\(name): text}}
        feature_sets: {all: [f: \(feature)]}
        cutoffs: {every: month_end, train: 1, calibrate: 0, test: 1}
        cohort: {entity: customers}
        label: {event: customers.bought, horizon: 1 day}
        calibration: {method: none}
        features: [all]
        """)
      let block = try p.block(p.timeline[.test][0])
      print("NAME", name, feature, PanelRows(block, p, try p.keys()).features)
    } catch let e as FindingsError { print("NAME", name, feature, TextRenderer().render(e.findings)) } catch { print("NAME", name, error) }
  }
  for n in ["entity", "cutoff", "Entity", "select", "label"] {
    run(n, "\"\(n)\"", "{category: customers.\(n)}")
    run(n, "\"\(n)\"", "{sql: 'customers.\"\(n)\"', type: category}")
    run(n, "\"\(n)\"", "{distinct: calls.\(n)}")
    run(n, "\"\(n)\"", "{count: calls, where: '\"\(n)\" is not null'}")
  }
  run("x", "x", "{present: customers.other}")
  run("x", "x", "{category: customers.other}")
  run("X", "x", "{category: customers.X}")
  run("x", "x", "{sql: 'length(customers.X)'}")
}
