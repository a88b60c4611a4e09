import Diagnostics
import Panel
import Spec
import Testing
import Warehouse

let clock = ContinuousClock()
@Suite(.serialized) struct ProbeTests {
  static let base = """
    version: 1
    name: probe
    data_through: 2024-12-31
    sources:
      customers:
        parquet: customers.parquet
        key: id
        created: created
        columns:
          created: {type: date, class: event}
          first_order: {type: date, class: event}
          size: {type: integer, class: static}
          status: {type: text, class: current}
      history:
        parquet: history.parquet
        key: id
        valid_from: valid_from
        valid_to: valid_to
        columns: {region: text, moved: {type: date, class: event}}
      calls:
        parquet: calls.parquet
        key: id
        time: day
        known_at: logged
        columns: {day: date, kind: text, minutes: integer}
    feature_sets:
      a:
        - f: FEATURE
        - region: {category: history.region}
        - n: {count: calls, within: 90 days}
    cutoffs: {every: month_end, train: 1, calibrate: 0, test: 1}
    cohort: {entity: customers, where: [RULE]}
    label: {event: customers.first_order, horizon: 3 months}
    calibration: {method: none}
    features: [a]
    """
  func tables(_ b: Bench) throws {
    try b.write("customers", "SELECT * FROM (VALUES ('1', '2020-01-01', NULL, 5, 'x'), ('2.0', '2021-01-01', '2024-09-15', 6, 'y'), ('3', '2024-06-30T20:00:00-07:00', NULL, 7, NULL)) t(id, created, first_order, size, status)")
    try b.write("history", "SELECT * FROM (VALUES ('1', DATE '2020-01-01', DATE '2024-01-01', 'A', NULL), ('1', DATE '2024-01-01', NULL, 'B', NULL), ('2', DATE '2021-01-01', NULL, '', '2024-11-05')) t(id, valid_from, valid_to, region, moved)")
    try b.write("calls", "SELECT * FROM (VALUES ('1', DATE '2024-05-01', TIMESTAMP '2024-05-01 10:00:00', 'call', 5), ('2', DATE '2020-06-05', TIMESTAMP '2024-07-01 00:00:00', 'mail', NULL)) t(id, day, logged, kind, minutes)")
  }
  func show(_ feature: String, rule: String = "{sql: \"true\"}") {
    do {
      let b = try Bench()
      try tables(b)
      let t0 = clock.now
      let p = try b.builder(Self.base.replacing("FEATURE", with: feature).replacing("RULE", with: rule))
      let t1 = clock.now
      for c in p.timeline.cutoffs where c.role == .test {
        let block = try p.block(c)
        print(feature, rule, c.date, block.entities, block.labels, block.features.columns[0], t1 - t0, clock.now - t1)
      }
    } catch let e as FindingsError {
      print(feature, rule, TextRenderer().render(e.findings))
    } catch { print("ERR", error) }
  }
  @Test func probes() throws {
    show("{present: customers.first_order}")
    show("{happened: customers.first_order}")
    show("{present: history.moved}")
    show("{value: customers.size}", rule: "{not: {present: customers.first_order}}")
    show("{sql: \"cutoff - customers.created\"}")
    show("{sql: \"cutoff - customers.created + length(history.region)\"}")
    show("{sql: \"size\"}")
    show("{value: customers.size}", rule: "{sql: \"customers.created < cutoff\"}")
    show("{sql: \"year(age(customers.created))\"}")
    show("{sql: \"year('now'::timestamp)\"}")
    show("{sql: \"year('today'::date)\"}")
    show("{sql: \"date_part('year', 'tomorrow'::date)\"}")
    show("{sql: \"length('customers.status')\"}")
    show("{sql: 'length(customers.\"status\")'}")
    show("{sql: 'length(customers.\"row created\")'}")
    show("{sql: 'length(customers.first_order::varchar)'}")
    show("{sql: \"length(customers::varchar)\"}")
    show("{sql: \"length(customers)\"}")
    show("{sql: \"customers.size FROM source.customers\"}")
    show("{sql: \"max(customers.size)\"}")
    show("{sql: \"customers.size.foo\"}")
    show("{sql: \"list_sum(list_transform([1,2], x -> x + customers.size))\"}")
    show("{sql: \"1) , (SELECT 3\"}")
    show("{sql: \"(SELECT 3)\"}")
    show("{sql: \"customers.size / 0\"}")
    show("{sql: \"CAST('x' AS INTEGER) + customers.size\"}")
    show("{sql: \"CAST(history.region AS INTEGER)\"}")
    show("{sql: \"random()\"}")
    show("{sql: \"pg_postmaster_start_time() is null\", type: flag}")
    show("{sql: \"current_role is null\", type: flag}")
    show("{sql: \"user is null\", type: flag}")
    show("{sql: \"get_current_date() is null\", type: flag}")
    show("{sql: \"epoch(current_timestamp)\"}")
    show("{count: calls, where: \"\\\"event time\\\" > cutoff\"}")
    show("{count: calls, where: \"day > cutoff - 400\"}")
    show("{count: calls, where: \"calls.kind = 'call'\"}")
    show("{count: calls, where: \"kind = 'call' and customers.size > 1\"}")
    show("{sql: \"rowid\"}")
    show("{sql: \"customers.rowid\"}")
    show("{sql: \"calls.minutes\"}")
    show("{sql: \"$1\"}")
    show("{sql: \"?\"}")
  }
}
