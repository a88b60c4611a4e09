extension MarkedCase {
  static let gates: [MarkedCase] = [
    MarkedCase(
      "gates of every kind",
      "gates: {metric: lift_at_50, smallest_effect: 0.5, noninferiority_margin: 1, minimum: {roc_auc: 0.7}, "
        + "maximum: {ece: 0.01, roc_auc: 0.7}, evidence: any, caveats: allowed, audit: none, "
        + "inconclusive: allow}"),
    MarkedCase("no gates at all", "gates: {}"),
    MarkedCase("a bound on no metric", "gates: {minimum: {«1»roc_acu: 0.7}}", 620),
    MarkedCase("a bound on a list of another size", "gates: {maximum: {«1»lift_at_51: 2}}", 620),
    MarkedCase(
      "a bound on a list that is measured",
      "evaluation: {top_k: [51], top_percent: [0.5]}\n"
        + "gates: {minimum: {lift_at_51: 2, recall_at_0.5_percent: 0.1}}"),
    MarkedCase(
      "compared by no metric", "gates: {metric: «1»rocauc, smallest_effect: 0.01}", 620),
    MarkedCase(
      "compared by what is right at 1",
      "gates: {metric: «1»calibration_slope, smallest_effect: 0.01}", 622),
    MarkedCase("compared by how much", "gates: {«1»metric: roc_auc}", 222),
    MarkedCase("how much of what", "gates: {«1»smallest_effect: 0.01}", 222),
    MarkedCase("a margin of what", "gates: {«1»noninferiority_margin: 0.01}", 222),
    MarkedCase(
      "a margin of nothing",
      "gates: {metric: roc_auc, smallest_effect: 0.01, noninferiority_margin: «1»0}", 211),
    MarkedCase(
      "an effect of nothing", "gates: {metric: roc_auc, smallest_effect: «1»0}", 211),
    MarkedCase(
      "bounds that cross", "gates: {minimum: {ece: 0.2}, maximum: {ece: «1»0.1}}", 621),
    MarkedCase("a bound that is no number", "gates: {minimum: {roc_auc: «1»high}}", 210),
    MarkedCase(
      "segments that are alike",
      "evaluation: {segments: [region, customers.segment]}\n"
        + "gates: {segments: {alike: [customers.segment], smallest_p: 0.001, largest_ratio: 1}}"),
    MarkedCase(
      "all segments", "evaluation: {segments: [region]}\ngates: {segments: {alike: all}}"),
    MarkedCase("no segments, of none", "gates: {segments: {alike: none}}"),
    MarkedCase("all segments, of none", "gates: {segments: {alike: «1»all}}", 284),
    MarkedCase(
      "a segment that is not evaluated",
      "evaluation: {segments: [region]}\ngates: {segments: {alike: [region, «1»regoin]}}", 284),
    MarkedCase(
      "a segment of a misspelt column",
      "evaluation: {segments: [customers.«2»segmnt]}\n"
        + "gates: {segments: {alike: [«1»customers.segment]}}", 284, 233),
    MarkedCase(
      "a segment that is malformed, gated on",
      "evaluation: {segments: [«1»customer.segment]}\n"
        + "gates: {segments: {alike: [customer.segment]}}", 232),
    MarkedCase(
      "a p-value that no draws reach",
      "evaluation: {segments: [region]}\n"
        + "gates: {segments: {alike: all, smallest_p: «1»0.0001}}", 211),
    MarkedCase(
      "a ratio below 1",
      "evaluation: {segments: [region]}\n"
        + "gates: {segments: {alike: all, largest_ratio: «1»0.8}}", 211),
    MarkedCase("segments without names", "gates: {«1»segments: {smallest_p: 0.05}}", 212),
    MarkedCase("alike in another word", "gates: {segments: {alike: «1»every}}", 213),
    MarkedCase("a misspelt word", "gates: {audit: «1»requird}", 213),
    MarkedCase("a misspelt key", "gates: {«1»minimun: {roc_auc: 0.7}}", 231),
  ]
}
