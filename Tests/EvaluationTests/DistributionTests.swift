import Evaluation
import Testing

@Suite struct DistributionTests {
  /// `scipy.stats.t.isf(probability, degrees)`, SciPy 1.15.
  @Test(arguments: [
    (1, 0.4, 0.32491969623290634), (1, 0.025, 12.706204736174705), (1, 1e-08, 31830988.61837906),
    (2, 0.2, 1.060660171779821), (2, 0.0005, 31.59905457644362), (4, 0.025, 2.7764451051977943),
    (4, 1e-08, 131.59473694062356), (19, 0.2, 0.8609505502689285),
    (19, 0.025, 2.09302405440831), (19, 0.0005, 3.883405852592083),
    (49, 0.025, 2.0095752371292397), (999, 0.005, 2.5807596372676365),
    (99999, 0.4, 0.2533477771639205), (99999, 1e-08, 5.612457179441385),
  ])
  func `Student's quantiles are SciPy's`(degrees: Int, probability: Double, expected: Double) {
    let student = StudentDistribution(degrees: Double(degrees))
    // 1e-10: two implementations, each good to about 1e-12 of a tail's logarithm.
    #expect(isClose(student.upperQuantile(probability), expected, 1e-10))
    #expect(abs(student.upperTail(expected) / probability - 1) < 1e-9)
  }

  /// `scipy.stats.norm.isf(probability)`.
  @Test(arguments: [
    (0.4, 0.2533471031357997), (0.025, 1.9599639845400545), (1e-08, 5.612001244174789),
    (0.7, -0.5244005127080407), (0.5, 0),
  ])
  func `normal quantiles are SciPy's`(probability: Double, expected: Double) {
    #expect(isClose(NormalDistribution.upperQuantile(probability), expected, 1e-13))
  }
}
