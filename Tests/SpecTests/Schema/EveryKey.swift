/// A spec that writes every key of the language, so that each can be changed and the change be seen.
enum EveryKey {
  static let spec = """
    version: 1
    name: everything
    extends: [other.yaml]
    description: All there is
    as_of: 2025-08-31
    data_through: 2025-09-18
    day: {time_zone: America/New_York, ends_at: "06:00"}
    accept: {H417: the last month is quiet, H811: the export is weekly}
    audit:
      accept:
        future_poison: known
        future_delete: known
        label_permutation: known
        shift: known
        one_feature_dominance: known
        missingness: known
        end_of_data: known
        newest_rows: known
        static_effect: known
        static_dates: known
        before_creation: known
        known_at_proximity: known
        role_overlap: known
        dead_features: known
        unseen_levels: known
        join_coverage: known
        source_meaning: known
        snapshot: known
    look_ahead: {allow: [customers.touched], because: to try it}
    sources:
      customers:
        table: customers
        connection: curated
        key: id
        data_through: 2025-09-17
        time_zone: UTC
        data_from: 2015-01-01
        created: created
        duplicates: first
        order: [size, created]
        null_keys: drop
        columns:
          created: {type: date, class: event, formats: ["%m/%d/%Y"]}
          first_order: {type: date, class: event, from: ns_first_order}
          size: {type: integer, class: static, strip: ".", decimal: ",", null: [-1]}
          stage: {type: text, class: static, json_field: value}
          named: {type: flag, class: static}
          touched: {type: date, class: current, range: [1970-01-01, 2100-12-31], time_of_day: ignored}
        expect:
          - not_null: [id, created]
          - unique: id
          - {accepted_values: [a, b], column: stage}
          - {between: [0, 100], column: size}
          - {matches: "^[a-z]+$", column: stage}
          - {null_rate_below: 0.2, column: size}
          - row_count_between: [10, 1000]
          - {fresh_within: 40 days, column: created}
          - no_future: created
          - {relationship: segments.segment, column: stage}
      segments: {parquet: segments.parquet, key: id, columns: {segment: {type: text, class: static}}}
      history:
        csv:
          file: history.csv
          encoding: latin-1
          delimiter: ";"
          quote: "'"
          escape: "~"
          decimal: ","
          null: ["-"]
          header: true
          skip: 2
        key: id
        valid_from: valid_from
        valid_to: {column: valid_to, inclusive: false}
        columns: {region: text, email: text, spent: number}
      calls:
        json: calls.json
        key: id
        time: day
        known_at: logged
        columns: {kind: text, minutes: integer}
      visits: {sql: select 1 as id, key: id, time: day, columns: {pages: integer}}
      stages: {parquet: stages.parquet, key: name, columns: {rank: {type: integer, class: static}}}
    references: {stages.name: customers.stage}
    feature_sets:
      rows:
        - a_value: {value: customers.size}
        - a_flag: {flag: customers.named}
        - a_presence: {present: history.email}
        - a_past: {happened: customers.created}
        - an_age: {days_since: customers.created}
        - a_sum: {sum: [a_value, a_flag]}
        - a_category: {category: history.region, missing: none, min_frequency: 10}
        - a_text: {category: {sql: lower(segments.segment)}}
        - an_sql: {sql: customers.size + 1, type: number}
        - a_rank: {value: stages.rank}
        - an_sql_of_features: {sql: features.an_sql / features.an_age}
      events:
        - a_total: {sum: calls.minutes, where: kind = 'demo', within: [30 days, all]}
        - a_mean: {mean: calls.minutes, within: 90 days}
        - a_ratio: {ratio: [a_value, a_flag]}
        - a_difference: {difference: [a_value, a_flag]}
        - a_median: {median: calls.minutes, within: {from: 90 days, to: 30 days}}
        - a_stddev: {stddev: calls.minutes, newest: 5}
        - a_mode: {mode: calls.minutes}
        - a_first: {first: calls.minutes}
        - a_last: {last: calls.minutes}
        - a_slope: {slope: calls.minutes}
        - a_beginning: {days_since_first: calls}
        - a_min: {min: calls.minutes}
        - a_max: {max: calls.minutes}
        - kinds: {distinct: calls.kind}
        - visits: {count: visits}
        - last: {days_since_last: visits}
    cutoffs:
      every: month_end
      train: 12
      calibrate: 0
      test: 2
      last: latest_mature
      embargo: horizon
      folds: 2
      step: 6 months
      month_arithmetic: end_of_month
    cohort:
      entity: customers
      where:
        - not: {happened: customers.first_order}
        - any: [{flag: customers.named}, {present: history.email}]
        - all: [{in: {column: history.region, values: [North, South]}}, {sql: customers.size > 1}]
        - {count: calls, where: kind = 'demo', within: 90 days, at_least: 1, at_most: 9}
        - {count: visits, within: {from: 90 days, to: 30 days}, at_least: 1}
    label: {event: customers.first_order, horizon: 3 months, label_delay: 0 days, immature: refuse,
      noun: person, plural: people}
    features: [rows, events]
    model:
      learner: lightgbm
      trainer: library
      class_weight: balanced
      preset: rare_events
      params: {num_leaves: 31}
      monotone: {a_value: increasing}
      interactions: [[a_value, a_flag], [an_age]]
      quantized_gradients: true
      early_stopping: {rounds: 50, validation_cutoffs: 2}
      seed: 42
    sample: {negatives: 20 per positive}
    calibration: {method: isotonic, fit: cross_fit, folds: 5, bounds: none}
    evaluation:
      top_k: [50, 100]
      top_percent: [1, 5]
      segments: [a_category, a_value, customers.size]
      intervals: {resamples: 500, level: 0.95, seed: 42}
      min_positives: 20
      cluster: customers.stage
      baselines: [prior, one_feature, logistic]
    score:
      table: scores_{name}
      connection: curated
      parquet: "{name}_{cutoff}.parquet"
      key: account
      rank_within: [a_category]
      columns: [a_value, customers.stage, size: customers.size, total: a_total_all]
      reasons: 3
      sentences:
        a_value: has {value}
        a_flag: {missing: unknown, zero: is not, one: is, raises: up, lowers: down, otherwise: so}
      hidden: [an_age, "a_m*"]
      new_levels: refuse
    capacity:
      per: a_category
      rows: 50
      groups: {North: 10}
      total: 500
      max_share: 0.5
      min_score: 0.01
      cool_down: 3 months
      exclude: [never.txt]
      hold_back: 5 %
    monitor:
      tolerance: 0.3
      ignore: [an_age]
      groups: [a_category]
      years_between_false_alarms: 5
    retrain: {promote: pass}
    gates:
      metric: pr_auc
      smallest_effect: 0.003
      noninferiority_margin: 0.002
      minimum: {roc_auc: 0.7, lift_at_50: 2}
      maximum: {ece: 0.01}
      better_than: [prior, one_feature, logistic]
      evidence: required
      caveats: refused
      audit: required
      segments: {alike: [a_category, customers.size], smallest_p: 0.05, largest_ratio: 2}
      inconclusive: block
    sweep:
      random: 4
      seed: 42
      model.params.max_depth: {from: 2, to: 900, scale: linear}
      halving: {factor: 3, trees: 20, cutoffs: 4, validation_cutoffs: 2}

    """

  /// Specs that extend the one above with what it excludes: a label of rows, and cutoffs in their
  /// other forms.
  static let others = [
    "label: {event: {source: calls, where: kind = 'order'}, horizon: 3 months}\n",
    """
    label:
      event: null
      absent: {source: calls, where: kind = 'order'}
      among: {source: visits, where: pages > 3}
      horizon: 3 months

    """,
    """
    cutoffs:
      every: [2024-02-29, 2024-06-30, 2024-09-30, 2024-12-31, 2025-02-28]
      train: {every: friday, from: 2020-01-03}
      calibrate: {every: 2 weeks, count: 4}
    calibration: {fit: calibrate, folds: null}

    """,
    "cutoffs: {train: {every: 1 week, count: 30}}\n",
  ]

  static let project = """
    connections:
      curated: {duckdb: curated.duckdb}
      crm: {driver: postgresql, uri: "postgresql://db/crm"}
    results: results
    cache: cache
    cache_size: 20GB
    roots: [../exports]
    timeout: 2h
    memory: 8GB
    gates:
      metric: pr_auc
      smallest_effect: 0.003
      noninferiority_margin: 0.002
      minimum: {roc_auc: 0.7}
      maximum: {ece: 0.01}
      better_than: [prior, one_feature, logistic]
      evidence: required
      caveats: refused
      audit: required
      segments: {alike: all, smallest_p: 0.05, largest_ratio: 2}
      inconclusive: block
    registry: {public_keys: [release.pub.pem], signed_from: 2}

    """
}
