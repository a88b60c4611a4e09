import Foundation
import HoldoutTestSupport
import Testing

@Suite struct QuantizedGradientsTests {
  private static let quantized = "model.quantized_gradients=true"

  @Test(arguments: [2, 7])
  func `the bytes are the same on any number of threads`(_ threads: Int) throws {
    let project = try TestProject()
    try project.runs(Self.quantized)
    let before = project.contents(of: "results")
    let result = try project.holdout(
      "run", "shop.yaml", "name=shop", Self.quantized, "--threads", "\(threads)")
    #expect(result.end == .exit(0))
    #expect(project.contents(of: "results") == before)
  }

  @Test func `false is as if nothing were said`() throws {
    let project = try TestProject(withResults: true)
    let before = try DeterminismTests.files.map { try project.data("results/shop/\($0)") }
    try project.runs("model.quantized_gradients=false")
    #expect(
      try DeterminismTests.files.map { try project.data("results/shop/\($0)") } == before)
    try project.runs(Self.quantized)
    #expect(
      try DeterminismTests.files.map { try project.data("results/shop/\($0)") } != before)
  }

  @Test func `the learner's own parameters point to the key`() throws {
    let project = try TestProject()
    for name in ["use_quantized_grad", "stochastic_rounding", "num_grad_quant_bins"] {
      let result = try project.holdout(
        "check", "--offline", "shop.yaml", "model.params.\(name)=4")
      #expect(result.refuses("H510", "`model.quantized_gradients`"), "\(result)")
    }
  }
}
