import Foundation
import HoldoutTestSupport
import Testing

@Suite struct CheckCommandTests {
  @Test func `a spec that is right is named and nothing is written`() throws {
    let project = try TestProject()
    let before = project.contents(of: ".")
    for arguments in [["check", "shop.yaml"], ["check", "--offline", "shop.yaml"]] {
      let result = try Program.run(arguments, in: project.folder)
      #expect(result.end == .exit(0), "\(result)")
      #expect(result.output.isEmpty)
      #expect(result.errors == "shop.yaml: ok\n")
    }
    #expect(project.contents(of: ".") == before)
  }

  @Test func `a preset that does not exist is refused with its nearest name`() throws {
    let project = try TestProject()
    try project.writeSpec(["class_weight: balanced": "preset: rare_event"])
    let result = try project.holdout("check", "--offline", "shop.yaml")
    #expect(
      result.refuses(
        "H213", "`rare_event` is not a value of `preset`", "did you mean `rare_events`?"))
    #expect(result.underlined == ["rare_event"])
  }

  @Test func `offline the data need not be there`() throws {
    let project = try TestProject()
    try project.remove("data")
    #expect(try project.holdout("check", "--offline", "shop.yaml").end == .exit(0))
    #expect(try project.holdout("check", "shop.yaml").refuses("H312", "shop.yaml:9:12"))
  }

  @Test func `everything that is wrong is told at once`() throws {
    let project = try TestProject()
    try project.writeSpec([
      "horizon: 3 months": "horizont: 3 months", "customers.size}": "customers.sise}",
      "num_leaves: 7": "num_leaves: 7, seed: 1",
    ])
    let result = try project.holdout("check", "shop.yaml")
    #expect(result.refuses("H231", "unknown key `horizont`", "did you mean `horizon`?"))
    #expect(result.refuses("H233", "lists no column `sise`", "did you mean `size`?"))
    #expect(result.refuses("H510", "`seed` is set by Holdout itself"))
    #expect(Set(result.underlined).isSuperset(of: ["horizont", "sise", "seed"]))
    #expect(result.errors.hasSuffix("\n3 errors\n"), "\(result)")
  }

  @Test func `of several specs the wrong one is found and the right one named`() throws {
    let project = try TestProject()
    try project.writeSpec(["name: shop": "nam: other"], to: "other.yaml")
    let result = try project.holdout("check", "shop.yaml", "other.yaml")
    #expect(result.refuses("H231", "other.yaml:2:1", "shop.yaml: ok"))
  }

  @Test func `findings come as JSON on standard output`() throws {
    let project = try TestProject()
    try project.writeSpec(["train: 12": "train: 0"])
    let result = try project.holdout("check", "--format", "json", "shop.yaml")
    #expect(result.end == .exit(2))
    #expect(result.errors.isEmpty, "\(result)")
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    #expect("\(json)".contains("H211"), "\(json)")
  }

  @Test func `findings come as annotations for GitHub`() throws {
    let project = try TestProject()
    try project.writeSpec(["train: 12": "train: 0"])
    let result = try project.holdout("check", "--format", "github", "shop.yaml")
    #expect(result.end == .exit(2))
    #expect(result.output.hasPrefix("::error file=shop.yaml,line=44,"), "\(result)")
  }
}
