import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Spec
import Testing

@Suite("What production goes by") struct ProductionTests {
  @Test func `what is left out has its documented default`() throws {
    let bare = try #require(Specs.load("base.yaml", [:]).spec)
    #expect(bare.score == nil && bare.capacity == nil)
    #expect(bare.retrain.promote == .pass)
    #expect(bare.monitor.tolerance == 0.2 && bare.monitor.yearsBetweenFalseAlarms == 4)
    #expect(bare.monitor.ignore.isEmpty && bare.monitor.groups.isEmpty)
    let score = try #require(Specs.extending("score: {}").spec?.score)
    #expect(score.table == nil && score.connection == nil && score.parquet == nil)
    #expect(score.key.value == "customer_id")
    #expect(score.rankWithin.isEmpty && score.published.isEmpty && score.rankColumns().isEmpty)
    #expect(score.reasons == 3 && score.sentences.isEmpty && score.hidden.isEmpty)
    #expect(score.newLevels == .refuse)
  }

  @Test func `the defaults stand in the resolved spec, and read again it means the same`() throws {
    let text = """
      score: {columns: [age, owner: customers.status]}
      capacity: {rows: 3}
      """
    let resolved = try #require(Specs.extending(text).members.first?.resolvedText)
    for line in ["key: customer_id", "new_levels: refuse", "exclude: []", "promote: pass"] {
      #expect(resolved.contains("\(line)\n"), "\(resolved)")
    }
    let again = Specs.load("spec.yaml", ["spec.yaml": resolved])
    #expect(again.members.first?.resolvedText == resolved)
    #expect(again.findings.isEmpty, "\(Specs.rendered(again))")
  }

  @Test func `none of it is a part of what a run or a panel is made of`() throws {
    let without = try #require(Specs.load("base.yaml", [:]).members.first)
    let with = try #require(
      Specs.extending(
        """
        score: {rank_within: [region], sentences: {age: old}, hidden: [age]}
        capacity: {per: region, rows: 3}
        retrain: {promote: never}
        monitor: {tolerance: 0.1, groups: [region]}
        """
      ).members.first)
    #expect(with.spec?.monitor.tolerance == 0.1 && with.spec?.monitor.ignore.isEmpty == true)
    #expect(with.spec?.capacity != nil && with.spec?.retrain.promote == .never)
    #expect(with.identityText == without.identityText)
    #expect(with.recipeText == without.recipeText)
    #expect(with.panelText == without.panelText)
  }

  @Test func `features of rank_within stand first unless columns names them`() throws {
    func published(_ text: String) throws -> [String] {
      let text =
        "feature_sets: {more: [area: {category: history.region}]}\n"
        + "features: [account, engagement, more]\nscore: \(text)"
      return try #require(Specs.extending(text).spec?.score).published.map { column in
        switch column.input {
        case .feature(let name): "\(column.name.value)=\(name.value)"
        case .column(let shown): "\(column.name.value)=\(shown.value)"
        }
      }
    }
    #expect(
      try published("{rank_within: [region], columns: [age]}") == ["region=region", "age=age"])
    #expect(
      try published("{rank_within: [region, area], columns: [age, territory: region]}")
        == ["area=area", "age=age", "territory=region"])
    #expect(
      try published("{columns: [history.email, who: customers.status, old: age]}")
        == ["email=history.email", "who=customers.status", "old=age"])
  }

  @Test(
    arguments: [
      ("cat_territory_standardized", "rank_territory"), ("zone", "rank_zone"),
      ("cat_a_b cat_a_c cat_d_e", "rank_a_b rank_a_c rank_d"), ("cat_a cat_a_b", "rank_a rank_a_b"),
      ("cat_A_b cat_a_c", "rank_A_b rank_a_c"), ("cat_ _", "rank_ rank__"),
      ("cat__deep_sea", "rank_deep"),
    ])
  func `a rank is named by the first word that tells it apart`(
    features: String, columns: String
  ) throws {
    let names = features.split(separator: " ").map(String.init)
    let sets = names.map { "\($0): {category: history.region}" }.joined(separator: ", ")
    let text =
      "feature_sets: {more: [\(sets)]}\nfeatures: [account, engagement, more]\n"
      + "score: {rank_within: [\(names.joined(separator: ", "))]}"
    let loaded = Specs.extending(text)
    let score = try #require(loaded.spec?.score, "\(Specs.rendered(loaded))")
    #expect(score.rankColumns().map(\.feature) == names)
    #expect(score.rankColumns().map(\.column).joined(separator: " ") == columns)
  }

  @Test(
    arguments: [
      ("age", "age", true), ("age", "ag", false), ("ag", "age", false), ("*", "", true),
      ("a*", "a", true), ("a*", "ba", false), ("*a", "ba", true), ("*a", "ab", false),
      ("a*b*c", "abc", true), ("a*b*c", "a_b_b_c_c", true), ("a*b*c", "acb", false),
      ("*ab*", "aab", true), ("*aab", "aaab", true), ("**", "x", true), ("a**", "a", true),
    ])
  func `a pattern hides what it spells out around its stars`(
    pattern: String, name: String, isHidden: Bool
  ) throws {
    var score = try #require(Specs.extending("score: {hidden: [\"*\"]}").spec?.score)
    score.hidden = score.hidden.map { $0.map { _ in pattern } }
    #expect(score.hides(name) == isHidden)
  }

  @Test func `a sentence is decoded for every state of a value`() throws {
    let text = """
      score:
        sentences:
          age: "{value} days old"
          has_email: {missing: a, zero: b, one: c, raises: d, lowers: e, otherwise: f}
      """
    let sentences = try #require(Specs.extending(text).spec?.score).sentences
    #expect(sentences["age"]?.otherwise?.value == "{value} days old")
    #expect(sentences["age"]?.missing == nil && sentences["age"]?.one == nil)
    let all = try #require(sentences["has_email"])
    let texts = [all.missing, all.zero, all.one, all.raises, all.lowers, all.otherwise]
    #expect(texts.map { $0?.value } == ["a", "b", "c", "d", "e", "f"])
  }

  @Test(arguments: [("5 %", 0.05), ("0.05", 0.05), ("12.5%", 0.125), ("\" 7 %\"", 0.07)])
  func `a share is held back as a number or in percent`(_ text: String, _ share: Double) throws {
    let loaded = Specs.extending("score: {}\ncapacity: {rows: 100, hold_back: \(text)}")
    #expect(loaded.findings.isEmpty, "\(Specs.rendered(loaded))")
    #expect(loaded.spec?.capacity?.holdBack?.value == share)
  }

  @Test(arguments: ["5 per cent", "5 5 %", "5. %", ".5 %", "-5 %", "1e1 %", "true"])
  func `what is no share is refused`(_ text: String) throws {
    let loaded = Specs.extending("score: {}\ncapacity: {rows: 100, hold_back: \(text)}")
    #expect(loaded.findings.map(\.id.number) == [210], "\(Specs.rendered(loaded))")
  }

  @Test func `a capacity is laid over an inherited one key by key`() throws {
    let base = """
      extends: base.yaml
      score: {rank_within: [region]}
      capacity: {per: region, rows: 5, groups: {North: 3, "B: C": 9}, exclude: [a.txt]}
      """
    let text = "extends: middle.yaml\ncapacity: {rows: 7, groups: {North: null, South: 1}}"
    let loaded = Specs.load("spec.yaml", ["spec.yaml": text, "middle.yaml": base])
    let capacity = try #require(loaded.spec?.capacity, "\(Specs.rendered(loaded))")
    #expect(capacity.rows?.value == 7)
    #expect(capacity.groups.mapValues(\.value) == ["B: C": 9, "South": 1])
    #expect(capacity.exclude.map(\.value) == ["a.txt"])
  }

  @Test(arguments: [("solidworks", "cre"), ("cpe", "cpe"), ("hw", "hw"), ("3dx", "3dx")])
  func `each division's list has the columns of the published one, without its own purchase`(
    name: String, division: String
  ) throws {
    let loaded = SpecLoader.load(
      path: "\(Repository.folder)/experiments/\(name).yaml")
    let score = try #require(loaded.spec?.score, "\(Specs.rendered(loaded))")
    #expect(score.rankColumns().map(\.column) == ["rank_territory"])
    let histories = ["cre", "cpe", "hw", "3dx"].filter { $0 != division }
    #expect(
      score.published.map(\.name.value) == [
        "cat_territory_standardized", "cat_territory_name", "cat_region", "feat_account_age_days",
        "feat_contact_score", "feat_has_weblead", "feat_has_email", "feat_has_phone",
      ] + histories.map { "feat_has_\($0)_history" })
  }

  @Test func `every feature of solidworks that may be a reason has a sentence`() throws {
    let loaded = SpecLoader.load(path: "\(Repository.folder)/experiments/solidworks.yaml")
    let spec = try #require(loaded.spec)
    let score = try #require(spec.score)
    for feature in spec.features.map(\.name.value) {
      #expect(
        score.hides(feature) == (score.sentences[feature] == nil),
        "\(feature) is hidden and has a sentence, or neither")
    }
  }
}
