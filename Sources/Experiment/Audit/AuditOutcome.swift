/// What a check found out; the runner adds which check it was and how long it took.
struct AuditOutcome {
  var verdict: AuditCheck.Verdict
  var sentence: String
  var numbers: [(name: String, value: Double)] = []
  var details: [String] = []

  static func couldNotTell(
    _ sentence: String, numbers: [(name: String, value: Double)] = [], details: [String] = []
  ) -> AuditOutcome {
    AuditOutcome(
      verdict: .couldNotTell, sentence: sentence, numbers: numbers, details: details)
  }
}
