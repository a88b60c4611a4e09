/// The data and the spec that the tests work on: prospects of a shop, some of whom buy a licence.
package enum Shop: Sendable {
  /// 1,500 customers created from 2020-10 on; data through 2024-12-31. Deterministic: every draw is
  /// a hash of the customer and a purpose.
  package static let data = """
    CREATE MACRO draw(id, purpose) AS (hash(id * 1000 + purpose) % 1000003) / 1000003.0;
    CREATE TABLE people AS
    SELECT id, 'C' || lpad(CAST(id AS VARCHAR), 4, '0') AS key,
      DATE '2020-10-01' + CAST(floor(draw(id, 1) * 1400) AS INTEGER) AS created_on,
      ['web', 'fair', 'partner', NULL][1 + CAST(floor(draw(id, 2) * 4) AS INTEGER)] AS channel,
      CAST(floor(draw(id, 3) * 100) AS INTEGER) AS size
    FROM range(1500) AS numbers(id);
    CREATE TABLE buyers AS
    SELECT *, -ln(1 - draw(id, 4)) * 500
        / exp(size / 50.0 - 1 + CASE channel WHEN 'fair' THEN 1 ELSE 0 END) AS wait,
      CASE WHEN created_on + CAST(floor(wait) AS INTEGER) <= DATE '2024-12-31'
        THEN created_on + CAST(floor(wait) AS INTEGER) END AS bought_on
    FROM people;
    CREATE TABLE customers AS
    SELECT key AS id, created_on, bought_on AS first_licence, channel, size,
      CASE WHEN bought_on IS NULL THEN 'prospect' ELSE 'customer' END AS status
    FROM buyers ORDER BY buyers.id;
    CREATE TABLE history AS
    SELECT key AS id, created_on AS valid_from, created_on + 300 AS valid_to,
      ['North', 'South', 'Größe, 東'][1 + id % 3] AS region, true AS is_active
    FROM people
    UNION ALL
    SELECT key, created_on + 300, NULL, ['North', 'South', 'West'][1 + id % 3], draw(id, 5) > 0.1
    FROM people
    ORDER BY 1, 2;
    CREATE TABLE visits AS
    SELECT key AS id, kind, amount, visited_on,
      visited_on + CAST(floor(draw(number, 9) * 30) AS INTEGER) AS noted_on
    FROM (
      SELECT key, id * 50 + visit AS number, ['call', 'demo'][1 + visit % 2] AS kind,
        created_on + CAST(floor(draw(number, 6) * 700) AS INTEGER) AS visited_on,
        CASE WHEN visit % 5 > 0 THEN floor(draw(number, 7) * 400) / 4 END AS amount
      FROM people, range(12) AS visits(visit)
      WHERE draw(id * 50 + visit, 8) < 0.2 + size / 150.0)
    WHERE visited_on <= DATE '2024-12-31'
    ORDER BY ALL;
    """

  /// Writes the tables of `data`, or what has become of them, as the sources of `spec`.
  package static let export = """
    ATTACH 'data/shop.duckdb' AS shop;
    CREATE OR REPLACE TABLE shop.customers AS FROM customers;
    DETACH shop;
    COPY customers TO 'data/customers.parquet' (FORMAT parquet);
    COPY history TO 'data/history.parquet' (FORMAT parquet);
    COPY visits TO 'data/visits.parquet' (FORMAT parquet);
    """

  package static let project = """
    connections:
      shop: {duckdb: data/shop.duckdb}
    results: results

    """

  package static let spec = """
    version: 1
    name: shop
    description: Which prospects buy a first licence within three months?

    data_through: 2024-12-31

    sources:
      customers:
        table: customers
        connection: shop
        key: id
        created: created_on
        columns:
          created_on: {type: date, class: event}
          first_licence: {type: date, class: event}
          channel: {type: text, class: static}
          size: {type: integer, class: static}
          status: {type: text, class: current}
      history:
        parquet: data/history.parquet
        key: id
        valid_from: valid_from
        valid_to: valid_to
        columns: {region: text, is_active: flag}
      visits:
        parquet: data/visits.parquet
        key: id
        time: visited_on
        known_at: noted_on
        columns: {kind: text, amount: number}

    feature_sets:
      account:
        - age_days: {days_since: customers.created_on}
        - size: {value: customers.size}
        - is_large: {sql: "customers.size >= 50", type: flag}
        - channel: {category: customers.channel, missing: none}
        - region: {category: history.region}
      visits:
        - visits: {count: visits, within: [90 days, all]}
        - demos: {count: visits, where: "kind = 'demo'", within: 180 days}
        - amount: {sum: visits.amount, within: 365 days}

    cutoffs: {every: month_end, train: 12, calibrate: 2, test: 3}
    cohort:
      entity: customers
      where:
        - not: {happened: customers.first_licence}
        - flag: history.is_active
    label: {event: customers.first_licence, horizon: 3 months, noun: buyer}
    features: [account, visits]

    model:
      class_weight: balanced
      params: {num_iterations: 10, num_leaves: 7, learning_rate: 0.2}
    calibration: {method: isotonic}
    evaluation:
      top_k: [10, 50]
      top_percent: [5]
      segments: [region]
      intervals: {resamples: 50}

    """

  /// The features in the order of `spec`.
  package static let features = [
    "age_days", "size", "is_large", "channel", "region", "visits_90d", "visits_all", "demos",
    "amount",
  ]
}
