import Spec
import Testing

@Suite("Origins")
struct OriginTests {
  @Test("each value of the resolved spec says where it comes from")
  func origins() throws {
    let loaded = Specs.extending(
      "name: a\nmodel: {seed: 1}", overrides: ["evaluation.intervals.level=0.9"])
    let resolved = try #require(loaded.resolved)
    let origins = SpecOrigin.all(of: resolved)
    func origin(_ path: String) -> String? {
      origins.first { $0.path == path }.map { "\($0.value) \($0.place)" }
    }
    #expect(origin("name") == "a spec.yaml:2")
    #expect(origin("model.seed") == "1 spec.yaml:3")
    #expect(origin("model.class_weight") == "none default")
    #expect(origin("evaluation.intervals.level") == "0.9 argument 2:1")
    #expect(origin("evaluation.intervals.seed") == "42 default")
    #expect(origin("evaluation.top_k.1") == "100 default")
    #expect(origin("calibration.method") == "auto default")
    #expect(origin("sources.customers.key") == "id base.yaml:7")
    #expect(origin("feature_sets.account.0.age.days_since") == "customers.created base.yaml:29")
  }
}
