import Diagnostics
import Foundation
import HoldoutTestSupport
import OrderedCollections
import Spec
import Testing

@Suite("The experiments of this repository")
struct ExperimentTests {
  @Test("solidworks decodes without findings")
  func solidworks() throws {
    let loaded = SpecLoader.load(path: "\(Repository.folder)/experiments/solidworks.yaml")
    #expect(loaded.findings.isEmpty, "\(Specs.rendered(loaded))")
    let spec = try #require(loaded.spec)
    #expect(spec.name.value == "solidworks")
    #expect(spec.cutoffs.train.count == 24)
    #expect(spec.cutoffs.calibrate.count == 3)
    #expect(spec.cutoffs.test.value == 3)
    #expect(spec.cutoffs.embargo == .horizon)
    #expect(spec.label.horizon.value == Period(6, .months))
    #expect(Array(spec.sources.keys) == ["customers", "customer_history", "activities"])
  }

  @Test("solidworks has the published features, in the published order")
  func features() throws {
    let loaded = SpecLoader.load(path: "\(Repository.folder)/experiments/solidworks.yaml")
    let names = try #require(loaded.spec).features.map(\.name.value)
    let published = [
      "feat_account_age_days", "feat_days_since_last_activity", "feat_has_email",
      "feat_has_phone", "feat_has_url", "feat_has_weblead", "feat_contact_score",
      "feat_has_cpe_history", "feat_has_hw_history", "feat_has_3dx_history",
      "feat_days_since_first_cpe", "feat_days_since_first_hw", "feat_days_since_first_3dx",
      "feat_taxable", "feat_known_competitor", "feat_named_account_cad",
      "feat_named_account_sim", "feat_named_account_am", "feat_named_account_electrical",
      "cat_lead_source", "cat_terms_value", "cat_stage", "cat_status",
      "cat_territory_standardized", "cat_territory_name", "cat_region",
    ]
    #expect(names.filter(published.contains) == published)
    #expect(names.contains("feat_strategic_account"))
  }

  @Test("solidworks reads nothing that only today knows")
  func noLookAhead() throws {
    let loaded = SpecLoader.load(path: "\(Repository.folder)/experiments/solidworks.yaml")
    let spec = try #require(loaded.spec)
    let current = spec.sources.values.flatMap { source in
      source.columns.values.filter { $0.columnClass == .current }.map(\.name.value)
    }
    #expect(current == ["ns_last_modified"])
  }

  @Test(
    "each division is a few lines over one base, without its own purchase among its features",
    arguments: [("solidworks", "cre"), ("cpe", "cpe"), ("hw", "hw"), ("3dx", "3dx")])
  func divisions(name: String, division: String) throws {
    let path = "\(Repository.folder)/experiments/\(name).yaml"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count < 15)
    let loaded = SpecLoader.load(path: path)
    #expect(loaded.findings.isEmpty, "\(Specs.rendered(loaded))")
    let spec = try #require(loaded.spec)
    #expect(spec.name.value == name)
    guard case .date(let event) = spec.label.event else {
      Issue.record("the label is no date")
      return
    }
    #expect(event.value.column == "ns_first_\(division)_date")
    guard case .not(.happened(let excluded)) = spec.cohort.rules[0].value else {
      Issue.record("the cohort does not exclude the label's own event")
      return
    }
    #expect(excluded.value == event.value)
    let features = Set(spec.features.map(\.name.value))
    for other in ["cre", "cpe", "hw", "3dx"] {
      let own = ["feat_has_\(other)_history", "feat_days_since_first_\(other)"]
      #expect(own.allSatisfy { features.contains($0) == (other != division) }, "\(other)")
    }
  }

  @Test("the base by itself lacks the question")
  func base() {
    let loaded = SpecLoader.load(path: "\(Repository.folder)/experiments/bases/netsuite.yaml")
    #expect(loaded.spec == nil)
    #expect(Set(loaded.ids) == [212])
  }

  @Test("a file that is not there, and a folder, are findings")
  func unreadable() {
    #expect(SpecLoader.load(path: "\(Repository.folder)/experiments/none.yaml").ids == [101])
    #expect(SpecLoader.load(path: "\(Repository.folder)/experiments").ids == [102])
  }
}
