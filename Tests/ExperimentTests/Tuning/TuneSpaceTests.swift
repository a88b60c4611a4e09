import Experiment
import Testing

@Suite struct TuneSpaceTests {
  @Test(arguments: [
    ("3..31", 3.0, 31.0, false, true), ("3..31,log", 3, 31, true, true),
    ("0.3..1.0", 0.3, 1, false, false), ("0.01..100.0,log", 0.01, 100, true, false),
    ("-5..5,linear", -5, 5, false, true), ("1e-3..0.5,log", 0.001, 0.5, true, false),
  ])
  func `a range is read`(
    text: String, low: Double, high: Double, isLogarithmic: Bool, isWhole: Bool
  ) throws {
    let range = try #require(TuneRange(argument: text))
    #expect(range.low == low && range.high == high)
    #expect(range.isLogarithmic == isLogarithmic && range.isWhole == isWhole)
    #expect(TuneRange(argument: range.text) == range)
  }

  @Test(arguments: [
    "", "3", "3..", "..3", "31..3", "3..3", "0..1,log", "-1..1,log", "3..31,cubic", "a..b",
    "1..2..3", "1..2,log,log", "nan..1", "0..inf",
  ])
  func `anything else is no range`(text: String) { #expect(TuneRange(argument: text) == nil) }

  @Test func `a parameter is read by its path, and only if it can be tuned`() throws {
    let parameter = try TuneParameter(argument: "model.params.num_leaves=3..31,log")
    #expect(parameter.name == "num_leaves" && parameter.range.isLogarithmic)
    func problem(_ text: String) -> TuneParameter.Problem? {
      do throws(TuneParameter.Problem) {
        _ = try TuneParameter(argument: text)
        return nil
      } catch { return error }
    }
    #expect(problem("num_leaves=3..31") == .form)
    #expect(problem("model.params.num_leaves") == .form)
    #expect(problem("model.params.objective=1..2") == .unknown("objective"))
    #expect(problem("model.params.num_leaves=many") == .range("many"))
  }

  @Test(arguments: ["3..31,log", "4..32", "0.3..1.0", "0.01..100.0,log"])
  func `a value is within its range, and its share leads back to it`(text: String) throws {
    let range = try #require(TuneRange(argument: text))
    var values: Set<Double> = []
    for step in 0...200 {
      let value = range.value(at: Double(step) / 200)
      values.insert(value)
      #expect(value >= range.low && value <= range.high)
      #expect(range.value(at: range.share(of: value)) == value)
      #expect(!range.isWhole || value == value.rounded())
    }
    // Both ends are tried.
    #expect(values.contains(range.low) && values.contains(range.high))
    #expect(range.isAtEdge(range.low) && range.isAtEdge(range.high))
    #expect(!range.isAtEdge(range.value(at: 0.5)))
  }

  @Test func `a value outside of its range has a share outside, but not far`() throws {
    let range = try #require(TuneRange(argument: "0.01..100.0,log"))
    #expect(range.share(of: 0) == -0.5)
    #expect(range.share(of: 1e9) == 1.5)
    #expect(abs(range.share(of: 1000) - 1.25) < 1e-12)
  }
}
