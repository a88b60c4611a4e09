/// Seeds that the repository has nowhere else.
enum FuzzTexts {
  /// A spec without fault in which nearly every key of the language stands.
  static let rich = """
    # Every shape of source, every expression, every rule.
    version: 1
    name: rich-1.0
    description: "Who \\u2014 caf\\xE9 or not \\u2014 orders again?"
    as_of: 2025-09-01
    data_through: 2025-09-18
    sources:
      customers: &source
        csv: data/*.csv
        key: id
        created: created
        duplicates: last
        order: [touched, id]
        null_keys: drop
        columns: &columns
          created: {type: date, class: event, formats: ["%m/%d/%Y"]}
          ordered: {type: date, class: event, from: "First Order"}
          segment: {type: text, class: static, json_field: value}
          employees: {type: integer, class: static}
          share: {type: number, class: static}
          active: {type: flag, class: static}
          status: {type: text, class: current}
        expect:
          - not_null: [id, created]
          - {null_rate_below: 0.2, column: created}
          - {between: [0, 100], column: share}
          - {accepted_values: [a, b], column: segment}
          - row_count_between: [1000, 1000000]
          - {fresh_within: 7 days, column: created}
      versions:
        sql: |
          select id, "from", "to", region -- as exported
          from history
        connection: crm
        key: id
        valid_from: from
        valid_to: to
        columns: {region: text, email: text, paused: flag, size: number}
      orders:
        <<: &events {parquet: orders.parquet, key: id}
        time: ordered_on
        known_at: booked_on
        data_through: 2025-09-17
        columns: {amount: number, product: text, open: {type: flag, class: current}}
    feature_sets:
      rows:
        - age: {days_since: customers.created}
        - employees: {value: customers.employees}
        - active: {flag: customers.active}
        - reachable: {present: versions.email}
        - ordered: {happened: customers.ordered}
        - score: {sum: [active, reachable]}
        - region: {category: versions.region, missing: none, min_frequency: 5}
        - segment: {category: {sql: "coalesce(customers.segment, 'none')"}}
        - ratio: {sql: "customers.share / nullif(versions.size, 0)", type: number}
        - tier:
            sql: >-
              case when customers.employees > 100
              then 'large' else 'small' end
            type: category
      events:
        - orders: {count: orders, within: [30 days, 2 weeks, 3 months, 1 year, all]}
        - amount: {sum: orders.amount, where: "product = 'x'", within: 365 days}
        - mean_amount: {mean: orders.amount}
        - products: {distinct: orders.product, within: all}
        - since_order: {days_since_last: orders}
    cutoffs:
      every: month_end
      train: 24
      calibrate: 3
      test: 3
      embargo: 30 days
      month_arithmetic: clip
    cohort:
      entity: customers
      where:
        - not: {happened: customers.ordered}
        - any:
            - {present: versions.email}
            - all: [{flag: versions.paused}, {sql: "versions.size > 100 and cutoff > '2020-01-01'"}]
        - in: {column: versions.region, values: [Gulf, Southwest, "010"]}
    label: {event: {source: orders, where: "amount > 0"}, horizon: 90 days, label_delay: 1 week}
    features: [rows, events, -orders_2w]
    model: {class_weight: balanced, params: {num_leaves: 31, learning_rate: 0.05, verbosity: -1}}
    calibration: {method: sigmoid}
    evaluation: {top_k: [50, 100], top_percent: [1, 5], segments: [region], intervals: {resamples: 100}}
    score: {table: scores, parquet: "out/{cutoff}.parquet", rank_within: [region], reasons: 5}

    """

  /// Texts over `base.yaml`, without the line that extends it.
  static let layers = [
    "name: again\nmodel: {seed: 7, params: {num_leaves: 15, max_bin: [1, 2]}}\n",
    "features: {append: [-age]}\nsources: {calls: {data_through: 2025-09-01}}\n",
    "data_through: null\nlabel: {event: {source: calls, where: \"kind = 'order'\"}}\n"
      + "sources: {calls: {data_through: 2025-09-01}}\n",
    "sweep: {model.params.num_leaves: [15, 31], cutoffs.embargo: [horizon, 30 days]}\n",
    "sweep:\n  random: 4\n  seed: 3\n  model.params.num_leaves: {from: 2, to: 64}\n"
      + "  model.params.learning_rate: {from: 0.01, to: 0.3, scale: log}\n"
      + "  cutoffs.train: [6, 12]\n",
    "features: [account, engagement, -label.event, -history.email]\n"
      + "cohort: {where: [{not: {happened: label.event}}]}\n"
      + "score: {table: \"s_{name}\", parquet: \"{name}_{cutoff}.parquet\", rank_within: [region]}\n",
    "sweep:\n  model.seed: [1, 2, 3]\n  evaluation.intervals.seed: [4]\n"
      + "  label.horizon: [90 days]\n",
    "x: &x {type: text, class: static}\nsources: {customers: {columns: {a: *x, b: {<<: *x}}}}\n"
      + "x: null\n",
    "sources:\n  customers:\n    columns: &c\n      more: {type: number, class: static}\n"
      + "  history:\n    columns: {<<: *c, more: number}\n",
    "feature_sets:\n  account: {append: [{more: {value: customers.employees}}]}\n",
    "cohort:\n  where:\n"
      + "    - in: {column: customers.employees, values: [010, 0x1F, 1e3, +5, True]}\n",
    "cutoffs: {every: friday, last: 2025-03-14, calibrate: 0}\ncalibration: {method: none}\n"
      + "label: {horizon: 12 weeks}\n",
  ]

  /// Project files.
  static let projects = [
    """
    connections:
      curated: {duckdb: data/netsuite.duckdb}
      crm: {driver: postgresql, uri: "postgresql://${env:USER}:${env:PASSWORD}@db/crm"}
      default: &d {duckdb: ':memory:'}
      other: *d
    results: results

    """, "{}\n", "# nothing\n", "results: out\n",
  ]
}
