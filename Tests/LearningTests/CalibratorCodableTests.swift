import Evaluation
import Foundation
import Learning
import Randomness
import Testing

@Suite struct CalibratorCodableTests {
  private func fitted(_ method: CalibrationMethod) throws -> Calibrator {
    var generator = Xoshiro256StarStar(seed: 5)
    let margins = (0..<2000).map { _ in Double.random(in: -6...2, using: &generator) }
    let labels = margins.map { margin -> UInt8 in
      Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-margin)) ? 1 : 0
    }
    return try Calibrator.fit(method: method, margins: margins, labels: labels)
  }

  @Test(arguments: CalibrationMethod.allCases)
  func `comes back from its JSON as it was, bit by bit`(method: CalibrationMethod) throws {
    let calibrator = try fitted(method)
    let data = try calibrator.json()
    let read = try Calibrator(json: data)
    #expect(read == calibrator)
    #expect(try read.json() == data)
    let margins = stride(from: -8.0, through: 4, by: 0.013).map(\.self)
    #expect(read.apply(margins) == calibrator.apply(margins))
    #expect(data.last == UInt8(ascii: "\n"))
  }

  @Test func `one that was cross-fitted says over how many folds`() throws {
    let plain = try fitted(.sigmoid)
    let calibrator = plain.fitted(.crossFit(folds: 7))
    let data = try calibrator.json()
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"fit\" : \"cross_fit\",\n  \"folds\" : 7,"))
    #expect(try Calibrator(json: data) == calibrator)
    #expect(calibrator.apply([0.3]) == plain.apply([0.3]))
    #expect(!String(decoding: try plain.json(), as: UTF8.self).contains("fit\""))
  }

  @Test func `is written with sorted keys and shortest numbers`() throws {
    let text = """
      {
        "method" : "sigmoid",
        "intercept" : 0.1,
        "positives" : 3,
        "rows" : 10,
        "slope" : 1.25,
        "version" : 1,
        "why" : "asked for"
      }
      """
    let read = try Calibrator(json: Data(text.utf8))
    let written = String(decoding: try read.json(), as: UTF8.self)
    let keys = written.split(separator: "\n").compactMap {
      $0.split(separator: "\"").dropFirst().first
    }
    #expect(keys == keys.sorted())
    #expect(written.contains("\"intercept\" : 0.1,"))
  }

  @Test(arguments: [
    #"{"version":2,"method":"none","why":"","rows":0,"positives":0}"#,
    #"{"version":1,"method":"auto","why":"","rows":0,"positives":0}"#,
    #"{"version":1,"method":"sigmoid","why":"","rows":0,"positives":0,"slope":-1,"intercept":0}"#,
    #"{"version":1,"method":"isotonic","why":"","rows":0,"positives":0,"margins":[],"probabilities":[]}"#,
    #"{"version":1,"method":"isotonic","why":"","rows":0,"positives":0,"margins":[2,1],"probabilities":[0,1]}"#,
    #"{"version":1,"method":"isotonic","why":"","rows":0,"positives":0,"margins":[1,2],"probabilities":[1,0]}"#,
    #"{"version":1,"method":"isotonic","why":"","rows":0,"positives":0,"margins":[1],"probabilities":[2]}"#,
    #"{"version":1,"method":"isotonic","why":"","rows":0,"positives":0,"margins":[1,2],"probabilities":[1]}"#,
    #"{"version":1,"method":"none","why":"","rows":0,"positives":0,"fit":"guessed","folds":5}"#,
    #"{"version":1,"method":"none","why":"","rows":0,"positives":0,"fit":"cross_fit"}"#,
    #"{"version":1,"method":"none","why":"","rows":0,"positives":0,"fit":"cross_fit","folds":1}"#,
    "{}",
  ])
  func `a damaged file is refused`(text: String) {
    #expect(throws: DecodingError.self) { try Calibrator(json: Data(text.utf8)) }
  }
}
