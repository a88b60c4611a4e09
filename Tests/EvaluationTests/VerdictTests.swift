import Evaluation
import Testing

@Suite struct VerdictTests {
  @Test(arguments: [
    // Difference, interval, verdict; a smallest effect of 1.
    (0, -0.9, 0.9, Verdict.equivalent), (0.5, 0.1, 0.9, .equivalent), (0, 0, 0, .equivalent),
    (0, -1, 0.9, .inconclusive), (0, -0.9, 1, .inconclusive), (0, -3, 3, .inconclusive),
    (2, 0.1, 3.9, .better), (1, 0.5, 1.5, .better), (2, 0, 4, .inconclusive),
    (0.9, 0.1, 1.7, .inconclusive), (5, 4, 6, .better),
    (-2, -3.9, -0.1, .worse), (-1, -1.5, -0.5, .worse), (-2, -4, 0, .inconclusive),
    (-0.9, -1.7, -0.1, .inconclusive),
  ])
  func `a verdict follows from the interval`(
    difference: Double, lower: Double, upper: Double, verdict: Verdict
  ) {
    #expect(
      Verdict(difference: difference, lower: lower, upper: upper, smallestEffect: 1) == verdict)
  }
}
