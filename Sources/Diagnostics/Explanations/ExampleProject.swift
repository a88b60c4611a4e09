/// The small project that examples of findings modify. It has no findings of its own.
public enum ExampleProject {
  /// `base.yaml`, which the examples' `spec.yaml` extends.
  public static let base = """
    version: 1
    name: renewals
    data_through: 2025-09-18
    sources:
      customers:
        table: customers
        connection: shop
        key: id
        created: created
        columns:
          created: {type: date, class: event}
          first_order: {type: date, class: event}
          size: {type: integer, class: static}
          segment: {type: text, class: static}
          status: {type: text, class: current}
      history:
        parquet: data/history.parquet
        key: id
        valid_from: valid_from
        valid_to: valid_to
        columns: {region: text, email: text, inactive: flag, moved: date}
      calls:
        parquet: data/calls.parquet
        key: id
        time: day
        known_at: logged
        columns: {kind: text, minutes: integer}
    feature_sets:
      account:
        - age: {days_since: customers.created}
        - size: {value: customers.size}
        - has_email: {present: history.email}
        - region: {category: history.region, missing: none}
      engagement:
        - calls: {count: calls, within: [30 days, all]}
    cutoffs: {every: month_end, train: 4, calibrate: 1, test: 1}
    cohort:
      entity: customers
      where:
        - not: {happened: customers.first_order}
        - not: {flag: history.inactive}
    label: {event: customers.first_order, horizon: 1 month}
    features: [account, engagement]
    model: {params: {num_iterations: 5}}
    calibration: {method: sigmoid}

    """

  /// `holdout.yaml`.
  public static let project = """
    connections:
      shop: {duckdb: data/shop.duckdb}

    """

  /// SQL that makes the tables in the engine's memory: 500 customers with versions and calls.
  public static let tables = """
    CREATE TABLE customers AS
    SELECT 'C' || numbers.id AS id, DATE '2024-01-01' + CAST(numbers.id % 200 AS INTEGER) AS created,
      CASE WHEN numbers.id * 31 % 97 < size
        THEN DATE '2024-12-01' + CAST(numbers.id * 7 % 290 AS INTEGER) END AS first_order,
      size, ['retail', 'trade'][1 + numbers.id % 2] AS segment,
      CASE WHEN first_order IS NULL THEN 'prospect' ELSE 'customer' END AS status
    FROM (SELECT id, CAST(id * 17 % 91 AS INTEGER) AS size FROM range(500) AS draws(id)) AS numbers
    ORDER BY numbers.id;
    CREATE TABLE history AS
    SELECT id, created AS valid_from, CAST(NULL AS DATE) AS valid_to,
      ['North', 'South', 'West'][1 + size % 3] AS region,
      CASE WHEN size % 4 > 0 THEN id || '@example.org' END AS email, size % 30 = 0 AS inactive,
      created AS moved
    FROM customers ORDER BY 1;
    CREATE TABLE calls AS
    SELECT id, created + CAST(call * 60 + size AS INTEGER) AS day,
      created + CAST(call * 60 + size + 2 AS INTEGER) AS logged,
      ['call', 'demo'][1 + (size + call) % 2] AS kind, CAST(size + call AS INTEGER) AS minutes
    FROM customers, range(5) AS calls(call)
    WHERE created + CAST(call * 60 + size AS INTEGER) < DATE '2025-09-01' ORDER BY ALL;
    """

  /// SQL that writes the tables to the paths that `base` and `project` read.
  public static let export = """
    ATTACH 'data/shop.duckdb' AS shop;
    CREATE OR REPLACE TABLE shop.customers AS FROM customers;
    DETACH shop;
    COPY history TO 'data/history.parquet' (FORMAT parquet);
    COPY calls TO 'data/calls.parquet' (FORMAT parquet);
    """
}

extension Example {
  /// A project with lenient gates, so that its run can be promoted.
  /// - Parameters:
  ///   - spec: keys added to `spec.yaml`.
  ///   - project: keys added to `holdout.yaml`.
  package static func promotion(
    _ commands: String, spec: String = "", files: [(String, String)] = [], project: String = ""
  ) -> Example {
    .files(
      [
        ("holdout.yaml", ExampleProject.project + lenientGates + project),
        ("spec.yaml", "extends: base.yaml\n" + spec),
      ] + files, commands)
  }

  private static let lenientGates = "gates: {audit: none, evidence: any, better_than: none}\n"

  package static let quietRun = "holdout run spec.yaml &> run.log\n"
  package static let promoted =
    quietRun + "holdout promote renewals --override \"a trial\" &> run.log\n"
}

extension Example {
  /// A champion of the example project, and the commands to run with it.
  ///
  /// Every source has a row on the last observed day and on two days before, so that none is
  /// silent.
  /// - Parameter spec: keys added to `experiments/renewals.yaml`.
  package static func champion(
    _ commands: String, spec: String = lists, sql: String = "", files: [(String, String)] = [],
    project: String = ExampleProject.project
  ) -> Example {
    Example(
      files: [
        File(name: "holdout.yaml", text: project + lenientGates),
        File(name: "experiments/renewals.yaml", text: "extends: ../base.yaml\n\(spec)\n"),
      ] + files.map { File(name: $0.0, text: $0.1) },
      sql: [freshRows, sql].joined(separator: "\n"),
      command: """
        holdout run experiments/renewals.yaml &> run.log
        holdout promote renewals --override "a trial" &> run.log
        \(commands)
        """)
  }

  /// The destination of the example's lists.
  package static let lists = "score: {parquet: \"{name}_{cutoff}.parquet\"}"

  private static let freshRows = ["2025-05-31", "2025-08-31", "2025-09-18"].enumerated()
    .map { number, day in
      """
      INSERT INTO customers VALUES
        ('N\(number)', DATE '\(day)', NULL, 1, 'trade', 'prospect');
      INSERT INTO history VALUES
        ('N\(number)', DATE '\(day)', NULL, 'North', NULL, false, DATE '\(day)');
      INSERT INTO calls VALUES ('N\(number)', DATE '\(day)', DATE '\(day)', 'call', 1);
      """
    }.joined(separator: "\n")
}
