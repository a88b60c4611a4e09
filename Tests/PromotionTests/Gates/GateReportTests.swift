import Promotion
import Testing

@Suite("Gate outcomes")
struct GateOutcomeTests {
  @Test("every outcome has a word of its own")
  func words() {
    #expect(Set(GateCheck.Outcome.allCases.map(\.rawValue)).count == 4)
  }
}
