import Diagnostics
import OrderedCollections
import Spec
import Testing

@Suite("Decoding")
struct DecodingTests {
  @Test("what is left out has its documented default")
  func defaults() throws {
    let spec = try #require(Specs.load("base.yaml", [:]).spec)
    #expect(spec.cutoffs.embargo == .horizon)
    #expect(spec.cutoffs.monthArithmetic == .endOfMonth)
    if case .date = spec.cutoffs.last { Issue.record("expected the latest mature cutoff") }
    #expect(spec.label.labelDelay == Period(0, .days))
    #expect(spec.model.classWeight == .none)
    #expect(spec.model.seed == 42)
    #expect(spec.model.parameters.isEmpty)
    #expect(spec.calibration.method.value == .auto)
    #expect(spec.evaluation.topK == [50, 100, 500])
    #expect(spec.evaluation.topPercent == [1, 5, 10])
    #expect(spec.evaluation.resamples == 500)
    #expect(spec.evaluation.level == 0.95)
    #expect(spec.evaluation.seed == 42)
    #expect(spec.evaluation.minimumPositives == 20)
    #expect(spec.score == nil)
    #expect(spec.asOf == nil)
    let customers = try #require(spec.sources["customers"])
    #expect(customers.duplicates == .error)
    #expect(!customers.dropsNullKeys)
    #expect(customers.dataThrough?.value == CalendarDate("2025-09-18"))
  }

  @Test(
    "every cadence",
    arguments: [
      ("month_end", CutoffsSpec.Cadence.monthEnd), ("quarter_end", .quarterEnd),
      ("monday", .weekly(weekday: 1)), ("sunday", .weekly(weekday: 7)),
      ("2 weeks", .every(Period(2, .weeks))), ("1 month", .every(Period(1, .months))),
      (
        "[2024-02-29, 2024-05-03]",
        .listed([CalendarDate(days: 19_782), CalendarDate(days: 19_846)])
      ),
    ])
  func cadence(text: String, cadence: CutoffsSpec.Cadence) {
    #expect(Specs.extending("cutoffs: {every: \(text)}").spec?.cutoffs.cadence == cadence)
  }

  @Test("the cutoffs of train and calibrate in each of their forms")
  func roleCutoffs() throws {
    func cutoffs(_ text: String) throws -> CutoffsSpec {
      let loaded = Specs.extending("cutoffs: {\(text)}")
      return try #require(loaded.spec, "\(Specs.rendered(loaded))").cutoffs
    }
    let plain = try cutoffs("train: 5, calibrate: 2")
    #expect(plain.train.count == 5 && plain.train.cadence == nil)
    #expect(plain.calibrate.count == 2 && plain.calibrate.cadence == nil)
    let own = try cutoffs(
      "train: {every: friday, count: 9}, calibrate: {every: 10 days, count: 3}")
    #expect(own.train.count == 9 && own.train.cadence == .weekly(weekday: 5))
    #expect(own.calibrate.count == 3 && own.calibrate.cadence == .every(Period(10, .days)))
    let growing = try cutoffs("train: {from: 2024-02-29}")
    #expect(growing.train.extent == .from(CalendarDate(days: 19_782)))
    #expect(growing.train.count == nil && growing.train.cadence == nil)
    #expect(growing.train.span.text == "2024-02-29")
    let both = try cutoffs("train: {every: month_end, from: 2024-02-29}, calibrate: {count: 1}")
    #expect(both.train.cadence == .monthEnd)
    #expect(both.calibrate.count == 1 && both.calibrate.cadence == nil)
  }

  @Test("embargo and class weight in each of their forms")
  func forms() {
    func embargo(_ text: String) -> CutoffsSpec.Embargo? {
      Specs.extending("cutoffs: {embargo: \(text)}").spec?.cutoffs.embargo
    }
    #expect(embargo("horizon") == .horizon)
    #expect(embargo("none") == CutoffsSpec.Embargo.none)
    #expect(embargo("30 days") == .extended(Period(30, .days)))
    func weight(_ text: String) -> ModelSpec.ClassWeight? {
      Specs.extending("model: {class_weight: \(text)}").spec?.model.classWeight
    }
    #expect(weight("none") == ModelSpec.ClassWeight.none)
    #expect(weight("balanced") == .balanced)
    #expect(weight("12.5") == .positive(12.5))
  }

  @Test("references lead from a source to the entity, and take their readers away")
  func references() throws {
    let text = """
      sources:
        regions: {parquet: r, key: Region Code, columns: {name: {type: text, class: static}}}
        accounts: {parquet: a, key: id, columns: {region: {type: text, class: static}}}
      references: {regions.Region Code: accounts.region, accounts.id: history.region, calls.id: customers.segment}
      feature_sets: {x: [{region_name: {category: regions.name}}, {account_region: {category: accounts.region}}]}

      """
    func names(_ features: String) -> [String]? {
      Specs.extending(text + "features: [\(features)]").spec?.features.map(\.name.value)
    }
    let loaded = Specs.extending(text + "features: [x]")
    #expect(loaded.findings.isEmpty, "\(Specs.rendered(loaded))")
    let sources = try #require(loaded.spec).sources
    func chain(_ source: String) -> [String] {
      sources.foreignKeys(of: source).map(\.value.description)
    }
    #expect(chain("regions") == ["accounts.region", "history.region"])
    #expect(chain("accounts") == ["history.region"])
    #expect(chain("calls") == ["customers.segment"])
    #expect(chain("customers") == [] && chain("history") == [])
    #expect(names("x, -history.moved") == nil)
    #expect(names("x, age, -history.region") == ["age"])
    #expect(names("x, -regions.name") == ["account_region"])
    #expect(names("calls_all, x, -customers.segment") == ["region_name", "account_region"])
  }

  @Test(
    "features that SQL reads need not be chosen, and removing the readers of a column finds them")
  func sqlOverFeatures() throws {
    let sets = """
      feature_sets:
        x: [a: {sql: "features.b + features.age"}, plain: {sql: "1"}]
        y: [b: {sum: [c]}, c: {flag: history.inactive}]

      """
    let spec = try #require(Specs.extending(sets + "features: [x]").spec)
    #expect(spec.features.map(\.name.value) == ["a", "plain"])
    #expect(spec.inputs(of: spec.features).map(\.name.value) == ["c", "b", "age"])
    #expect(Set(spec.otherFeatures.map(\.name.value)).isSuperset(of: ["age", "b", "c"]))
    let rest = Specs.extending(sets + "features: [x, -history.inactive]").spec
    #expect(rest?.features.map(\.name.value) == ["plain"])
  }

  @Test("how an instant becomes a day is part of how each source is read, if the spec says it")
  func dayClock() throws {
    let plain = try #require(Specs.extending("name: x").members.first?.experiment)
    let clock = "day: {time_zone: America/New_York, ends_at: 6:30}\n"
    let own = try #require(
      Specs.extending(clock + "sources: {calls: {time_zone: UTC}}").members.first?.experiment)
    #expect(plain.spec.day.isPlain && plain.spec.sources["calls"]?.clock.isPlain == true)
    #expect(own.spec.day.zone == "America/New_York" && own.spec.day.end == "06:30")
    #expect(own.spec.sources["calls"]?.clock.convertedFrom == "UTC")
    #expect(own.spec.sources["history"]?.clock.convertedFrom == nil)
    #expect(own.spec.sources["history"]?.clock.endsAt == 390)
    #expect(plain.sourceTexts["history"]?.contains("day:") == false)
    #expect(own.sourceTexts["history"]?.contains("America/New_York") == true)
    #expect(own.panelText != plain.panelText && own.identityText != plain.identityText)
  }

  @Test("negatives of a sample in each of their forms")
  func sample() {
    func negatives(_ text: String) -> SampleSpec.Negatives? {
      Specs.extending("sample: {negatives: \(text)}").spec?.sample?.negatives.value
    }
    #expect(negatives("20 per positive") == .perPositive(20))
    #expect(negatives("0.05") == .share(0.05))
    #expect(negatives("1") == .share(1))
    #expect(Specs.extending("name: x").spec?.sample == nil)
  }

  @Test("keys of the learner that a spec does not write are not in its text")
  func unwritten() {
    let loaded = Specs.extending("name: x").members.first
    let sampled = Specs.extending("name: x\nsample: {negatives: 0.05}").members.first
    #expect(loaded?.identityText?.contains("\nsample:") == false)
    #expect(sampled?.identityText?.contains("\nsample:") == true)
    for key in ["early_stopping", "quantized_gradients", "monotone", "interactions", "cluster"] {
      #expect(loaded?.identityText?.contains(key) == false)
    }
    #expect(sampled?.panelText == loaded?.panelText)
    #expect(sampled?.identityText != loaded?.identityText)
  }

  @Test("parameters keep the order and become what the learner reads")
  func parameters() {
    let spec = Specs.extending(
      "model: {params: {learning_rate: 5.0e-2, boosting: gbdt, extra_trees: True, "
        + "monotone_constraints: [1, -1, 0], max_bin: 0xFF}}"
    ).spec
    #expect(
      spec?.model.parameters.map { "\($0.name.value)=\($0.value.value)" } == [
        "learning_rate=0.05", "boosting=gbdt", "extra_trees=true", "monotone_constraints=1,-1,0",
        "max_bin=255",
      ])
  }

  @Test("the learner is trees, or a regression that is not its own baseline")
  func learner() throws {
    let trees = try #require(Specs.extending("name: x").spec)
    #expect(trees.model.logistic == nil && trees.evaluation.baselines.contains(.logistic))
    let plain = try #require(Specs.extending("model: {learner: logistic}").spec)
    #expect(plain.model.logistic?.penalty == nil && plain.model.logistic?.knots == 5)
    #expect(plain.evaluation.baselines == [.prior, .oneFeature])
    let loaded = Specs.extending(
      "model: {learner: logistic, params: {penalty: 2.5, knots: 3}}\n"
        + "evaluation: {baselines: [logistic]}")
    let given = try #require(loaded.spec, "\(Specs.rendered(loaded))")
    #expect(given.model.logistic?.penalty == 2.5 && given.model.logistic?.knots == 3)
    #expect(given.evaluation.baselines.isEmpty)
    // The text that a run keeps has every default, and is read again without a finding.
    let text = try #require(loaded.members.first?.identityText)
    #expect(text.contains("learner: logistic") && text.contains("trainer: auto"))
    let again = Specs.load("again.yaml", ["again.yaml": text])
    #expect(again.findings.filter { $0.severity == .error }.isEmpty, "\(Specs.rendered(again))")
    let panels = Specs.extending("name: renewals").members.first?.panelText
    #expect(loaded.members.first?.panelText == panels)
  }

  @Test("constraints are decoded by name, and are part of a run's identity but not of its panel")
  func constraints() throws {
    let loaded = Specs.extending(
      "model: {monotone: {age: increasing, calls_30d: decreasing}, interactions: [[age, region], [age]]}"
    )
    let constraints = try #require(loaded.spec, "\(Specs.rendered(loaded))").model.constraints
    #expect(constraints.monotone.map(\.feature.value) == ["age", "calls_30d"])
    #expect(constraints.monotone.map(\.direction) == [.increasing, .decreasing])
    #expect(constraints.interactions.map { $0.map(\.value) } == [["age", "region"], ["age"]])
    let plain = Specs.extending("name: renewals").members.first
    #expect(loaded.members.first?.identityText != plain?.identityText)
    #expect(loaded.members.first?.panelText == plain?.panelText)
    let free = try #require(plain?.spec).model.constraints
    #expect(free.monotone.isEmpty && free.interactions.isEmpty)
  }

  @Test("clusters are decoded, and are part of a run's identity but not of its panel's rows")
  func clusters() throws {
    let loaded = Specs.extending("evaluation: {cluster: customers.segment}")
    let spec = try #require(loaded.spec, "\(Specs.rendered(loaded))")
    let expected = ColumnReference(source: "customers", column: "segment")
    #expect(spec.evaluation.cluster?.value == expected)
    let plain = Specs.extending("name: renewals").members.first
    #expect(try #require(plain?.spec).evaluation.cluster == nil)
    #expect(loaded.members.first?.identityText != plain?.identityText)
    #expect(loaded.members.first?.panelText == plain?.panelText)
  }

  @Test("columns of segments are part of a run's identity but not of its panel's rows")
  func segments() throws {
    let loaded = Specs.extending(
      """
      sources: {customers: {columns: {score: {type: number, class: static}}}}
      evaluation: {segments: [region, customers.segment, age, history.inactive, customers.score,
        customers.employees]}
      """)
    let spec = try #require(loaded.spec, "\(Specs.rendered(loaded))")
    #expect(
      spec.evaluation.segments.map(\.name.value) == [
        "region", "customers.segment", "age", "history.inactive", "customers.score",
        "customers.employees",
      ])
    #expect(
      spec.segmentColumns.map { feature in
        switch feature.expression {
        case .column(.value, let column): "value \(column.value)"
        case .category(.column(let column), _): "category \(column.value)"
        default: "\(feature.expression)"
        }
      } == [
        "category customers.segment", "category history.inactive", "value customers.score",
        "value customers.employees",
      ])
    #expect(!spec.features.contains { $0.name.value.contains(".") })
    let plain = Specs.extending(
      "sources: {customers: {columns: {score: {type: number, class: static}}}}"
    ).members.first
    #expect(try #require(plain?.spec).segmentColumns.isEmpty)
    #expect(loaded.members.first?.identityText != plain?.identityText)
    #expect(loaded.members.first?.panelText == plain?.panelText)
  }

  @Test("a list of windows makes a feature each, a single window keeps the name")
  func windows() throws {
    let loaded = Specs.extending(
      """
      feature_sets:
        x:
          - a: {count: calls, within: [30 days, 2 weeks, 6 months, 1 year, all]}
          - b: {sum: calls.minutes, within: 90 days, where: "kind = 'call'"}
          - c: {days_since_last: calls}
          - d: {mean: calls.minutes, within: all}
      features: [x]
      """)
    let spec = try #require(loaded.spec, "\(Specs.rendered(loaded))")
    #expect(
      spec.features.map(\.name.value) == ["a_30d", "a_2w", "a_6m", "a_1y", "a_all", "b", "c", "d"])
    let windows = spec.features.map { feature -> Period? in
      guard case .aggregate(let aggregate) = feature.expression else { return nil }
      return aggregate.window?.from
    }
    #expect(
      windows == [
        Period(30, .days), Period(2, .weeks), Period(6, .months), Period(1, .years), nil,
        Period(90, .days), nil, nil,
      ])
    #expect(
      Specs.extending(
        """
        feature_sets:
          x:
            - a: {median: calls.minutes, newest: 3, within: [{from: 90 days, to: 31 days}, all]}
            - b: {count: calls, within: {from: 30 days, to: 31 days}}
        features: [x]
        """
      ).findings.map { "\($0.id)" } == ["H256"])
    guard case .aggregate(let sum) = loaded.feature("b")?.expression else {
      Issue.record("expected an aggregate")
      return
    }
    #expect(sum.function == .sum)
    #expect(sum.source.value == "calls")
    #expect(sum.column?.value == "minutes")
    #expect(sum.condition?.text == "kind = 'call'")
  }

  @Test("features go by sets and names, less what is taken away, each once")
  func choice() {
    func names(_ list: String) -> [String]? {
      Specs.extending("features: \(list)").spec?.features.map(\.name.value)
    }
    #expect(names("[engagement, age]") == ["calls_30d", "calls_all", "age"])
    #expect(names("[account, -age]") == ["has_email", "region"])
    #expect(names("[account, engagement, -account]") == ["calls_30d", "calls_all"])
    #expect(names("[age, account]") == ["age", "has_email", "region"])
    #expect(names("[account, -age, age]") == ["has_email", "region", "age"])
  }

  @Test("classes follow the shape of the source")
  func classes() throws {
    let sources = try #require(Specs.load("base.yaml", [:]).spec).sources
    #expect(sources["customers"]?.columns["created"]?.columnClass == .event)
    #expect(sources["history"]?.columns["region"]?.columnClass == .history)
    #expect(sources["calls"]?.columns["kind"]?.columnClass == .static)
    #expect(sources["calls"]?.columns["note"]?.columnClass == .current)
  }

  @Test("rules of every kind, nested")
  func rules() throws {
    let loaded = Specs.extending(
      """
      cohort:
        where:
          - all: [{happened: history.moved}, {not: {any: [{flag: history.inactive}]}}]
          - in: {column: history.region, values: [a, 1, true]}
          - present: history.email
          - sql: customers.employees > 3
          - {not: {count: calls, where: minutes > 5, within: 90 days, at_least: 2}}
          - {count: calls, within: all, at_most: 0}
      """)
    let rules = try #require(loaded.spec, "\(Specs.rendered(loaded))").cohort.rules
    guard case .all(let all) = rules[0].value, case .happened = all[0],
      case .not(.any(let any)) = all[1], case .flag(let flag) = any[0],
      case .among(_, let values) = rules[1].value, case .present = rules[2].value,
      case .sql(let sql) = rules[3].value, case .not(.count(let count)) = rules[4].value,
      case .count(let none) = rules[5].value
    else {
      Issue.record("the rules are not those written")
      return
    }
    #expect(flag.value == ColumnReference(source: "history", column: "inactive"))
    #expect(values.map(\.value) == ["a", "1", "true"])
    #expect(sql.text == "customers.employees > 3")
    #expect(count.source.value == "calls")
    #expect(count.condition?.text == "minutes > 5")
    #expect(count.window?.from == Period(90, .days) && count.window?.to == nil)
    #expect(count.atLeast == 2 && count.atMost == nil)
    #expect(none.condition == nil && none.window == nil)
    #expect(none.atLeast == nil && none.atMost == 0)
  }

  @Test("a label of event rows")
  func eventLabel() throws {
    let loaded = Specs.extending(
      "label: {event: {source: calls, where: \"minutes > 5\"}, label_delay: 7 days}")
    let label = try #require(loaded.spec, "\(Specs.rendered(loaded))").label
    guard case .row(let source, let condition) = label.event else {
      Issue.record("expected rows")
      return
    }
    #expect(source.value == "calls")
    #expect(condition?.text == "minutes > 5")
    #expect(label.labelDelay == Period(7, .days))
  }

  @Test("a label among entities with rows")
  func conditionalLabel() throws {
    let loaded = Specs.extending(
      "label: {event: {source: calls}, among: {source: calls, where: \"minutes > 5\"}}")
    let label = try #require(loaded.spec, "\(Specs.rendered(loaded))").label
    #expect(label.among?.source.value == "calls")
    #expect(label.among?.condition?.text == "minutes > 5")
    #expect(label.sourceNames == ["calls", "calls"])
    let plain = try #require(Specs.extending("label: {horizon: 1 month}").spec)
    #expect(plain.label.among == nil && plain.label.sourceNames == ["customers"])
  }

  @Test("a label of absent rows")
  func absentLabel() throws {
    let loaded = Specs.extending(
      "label: {event: null, absent: {source: calls, where: \"minutes > 5\"}}")
    let label = try #require(loaded.spec, "\(Specs.rendered(loaded))").label
    guard case .absence(let source, let condition) = label.event else {
      Issue.record("expected no rows")
      return
    }
    #expect(source.value == "calls" && label.sourceName == "calls")
    #expect(condition?.text == "minutes > 5")
  }

  @Test("SQL points at its own words through a folded block")
  func sqlPlaces() throws {
    let loaded = Specs.extending(
      """
      feature_sets:
        x:
          - a:
              sql: >-
                length(history.email)
                + length(history.region)
      features: [x]
      """)
    guard case .sql(let sql, _) = loaded.feature("a")?.expression else {
      Issue.record("expected SQL: \(Specs.rendered(loaded))")
      return
    }
    #expect(sql.text == "length(history.email) + length(history.region)")
    let start = "length(history.email) + length(".utf8.count
    #expect(sql.span(of: start..<(start + 14)).text == "history.region")
    #expect(sql.span(of: start..<(start + 14)).line == 7)
  }

  @Test("contracts of every kind")
  func contracts() throws {
    let loaded = Specs.extending(
      """
      sources:
        customers:
          expect:
            - not_null: id
            - unique: [id, created]
            - {accepted_values: [a, b], column: segment}
            - {between: [1, 100000], column: employees}
            - {matches: "^[a-z]+$", column: segment}
            - {null_rate_below: 0.2, column: created}
            - row_count_between: [10, 1000]
            - {fresh_within: 7 days, column: touched}
            - no_future: [created]
            - {relationship: history.region, column: segment}
      """)
    let contracts = try #require(loaded.spec, "\(Specs.rendered(loaded))")
      .sources["customers"]?.contracts
    #expect(contracts?.count == 10)
    #expect(loaded.ids == [])
    guard case .rowCount(let range) = contracts?[6].promise else {
      Issue.record("expected a row count")
      return
    }
    #expect(range == 10...1000)
  }

  @Test("did you mean: keys, words, sources, columns, sets and features")
  func suggestions() {
    func label(_ text: String) -> String? { Specs.extending(text).findings.first?.label }
    #expect(label("label: {horizont: 3 months}") == "did you mean `horizon`?")
    #expect(label("calibration: {method: isotone}") == "did you mean `isotonic`?")
    #expect(label("cohort: {entity: customer}") == "did you mean `customers`?")
    #expect(label("label: {event: customers.first_ordr}") == "did you mean `first_order`?")
    #expect(label("features: [account, engagment]") == "did you mean `engagement`?")
    #expect(label("features: [has_emial]") == "did you mean `has_email`?")
    #expect(label("label: {horizon: 6mo}") == "did you mean `6 months`?")
    #expect(label("evaluation: {segments: [regoin]}") == "did you mean `region`?")
    #expect(label("evaluation: {segments: [segment]}") == "did you mean `customers.segment`?")
    #expect(
      label("evaluation: {segments: [region]}\ngates: {segments: {alike: [regoin]}}")
        == "did you mean `region`?")
  }
}
