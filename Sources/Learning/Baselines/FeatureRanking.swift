/// How well one feature ranks the selection rows, and the rule that ranks others the same way.
struct FeatureRanking: Sendable {
  let areaUnderCurve: Double
  let rule: OneFeatureBaseline.Rule
}
