import Diagnostics
import Spec
import Testing

@Suite("Keys by their old names")
struct FormerKeyTests {
  @Test(
    "each is read as the key of today, with a warning at the old name",
    arguments: [
      ("label: {«settle»: 5 days}", "label: {label_delay: 5 days}"),
      (
        "model: {early_stopping: {rounds: 5, «cutoffs»: 2}}",
        "model: {early_stopping: {rounds: 5, validation_cutoffs: 2}}"
      ),
      ("evaluation: {«by»: [region]}", "evaluation: {segments: [region]}"),
      ("score: {«rank_by»: [region]}", "score: {rank_within: [region]}"),
      (
        "score: {parquet: \"{cutoff}.parquet\"}\ncapacity: {rows: 5, «minimum_score»: 0.1}",
        "score: {parquet: \"{cutoff}.parquet\"}\ncapacity: {rows: 5, min_score: 0.1}"
      ),
      (
        "gates: {metric: roc_auc, smallest_effect: 0.01, «margin»: 0.02}",
        "gates: {metric: roc_auc, smallest_effect: 0.01, noninferiority_margin: 0.02}"
      ),
      (
        "feature_sets: {more: [{size: {category: customers.segment, «min_count»: 3}}]}\n"
          + "features: {append: [more]}",
        "feature_sets: {more: [{size: {category: customers.segment, min_frequency: 3}}]}\n"
          + "features: {append: [more]}"
      ),
      (
        "feature_sets: {account: {append: [{size: {category: customers.segment, «min_count»: 3}}]}}",
        "feature_sets: {account: {append: [{size: {category: customers.segment, min_frequency: 3}}]}}"
      ),
    ])
  func each(old: String, new: String) throws {
    let text = old.filter { !"«»".contains($0) }
    let loaded = Specs.extending(text)
    let mark = try #require(old.firstMatch(of: #/«(.*)»/#)).1
    #expect(loaded.ids == [208], "\(Specs.rendered(loaded))")
    #expect(loaded.findings.first?.severity == .warning)
    #expect(loaded.findings.first?.span?.text == String(mark))
    let today = Specs.extending(new)
    #expect(today.ids == [], "\(Specs.rendered(today))")
    #expect(loaded.resolvedText == today.resolvedText)
  }

  @Test("a base with the old name and a spec with the new one set the same key")
  func merged() throws {
    let loaded = Specs.load(
      "a.yaml",
      [
        "old.yaml": "extends: base.yaml\nlabel: {settle: 5 days}",
        "a.yaml": "extends: old.yaml\nlabel: {label_delay: 7 days}",
      ])
    #expect(try #require(loaded.spec).label.labelDelay == Period(7, .days))
    #expect(loaded.ids == [208])
    #expect(loaded.findings.first?.span?.file.name == "old.yaml")
  }

  @Test("arguments and sweeps take old names, and go by the new ones")
  func paths() throws {
    let loaded = Specs.extending("name: a", overrides: ["label.settle=7 days"])
    #expect(try #require(loaded.spec).label.labelDelay == Period(7, .days))
    #expect(loaded.ids == [208])
    #expect(loaded.findings.first?.span?.file.name == "argument 2")
    #expect(loaded.findings.first?.span?.text == "settle")

    let inner = Specs.extending("name: a", overrides: ["label={settle: 7 days}"])
    #expect(try #require(inner.spec).label.labelDelay == Period(7, .days))
    #expect(inner.ids == [208])

    let sweep = "sweep: {label.settle: [1 day, 2 days]}"
    let swept = Specs.extending(sweep)
    #expect(
      swept.specs.map(\.name.value) == [
        "renewals@label_delay=1_day", "renewals@label_delay=2_days",
      ])
    #expect(swept.ids == [208])
    // A value that is given is not swept, by whichever name.
    let given = Specs.extending(sweep, overrides: ["label.label_delay=3 days"])
    #expect(given.specs.map(\.label.labelDelay) == [Period(3, .days)])
  }

  @Test("both names in one map are one key written twice")
  func both() {
    let loaded = Specs.extending("label: {label_delay: 1 day, settle: 2 days}")
    #expect(loaded.ids.contains(208))
    #expect(loaded.findings.first { $0.id.number == 208 }?.severity == .error)
    #expect(loaded.spec == nil)
  }

  @Test("a name that only looks old is left alone")
  func others() {
    // `cutoffs` is the experiment's own key, and a user may call a source or a feature `settle`.
    let loaded = Specs.extending("feature_sets: {settle: [{margin: {present: history.email}}]}")
    #expect(!loaded.ids.contains(208))
  }
}
