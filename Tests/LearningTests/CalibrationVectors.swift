import Foundation
import Testing

/// `Golden/CalibrationVectors.json`, made by `Tests/EvaluationTests/Vectors/make_vectors.py`.
struct CalibrationVectors: Decodable {
  struct Arguments: Decodable {
    var increasing: String?
    var outOfBounds: String
    var yMin: Double?
    var yMax: Double?
  }

  enum Prediction: Decodable {
    case values([Double?])
    case refused

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      self = (try? container.decode([Double?].self)).map(Prediction.values) ?? .refused
    }
  }

  struct Reference: Decodable {
    var name: String
    var x: [Double]
    var y: [Double]
    var w: [Double]?
    var args: Arguments
    var xThresholds: [Double]
    var yThresholds: [Double]
    var query: [Double]
    var pred: Prediction
  }

  enum Increasing: Decodable {
    case yes, no, auto

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      self = (try? container.decode(Bool.self)).map { $0 ? .yes : .no } ?? .auto
    }
  }

  struct Drawn: Decodable {
    var name: String
    var x: [Double]
    var y: [Double]
    var w: [Double]?
    var increasing: Increasing
    var xThresholds: [Double]
    var yThresholds: [Double]
    var query: [Double]
    var pred: [Double]
  }

  struct Logistic: Decodable {
    var margins: [Double]
    var labels: [UInt8]
    var weights: [Double]?
    /// Intercept and slope.
    var sigmoid: [Double]
    var prior: Double
  }

  var isotonic: [Reference]
  var isotonicDrawn: [Drawn]
  var logistic: [Logistic]

  static func load() throws -> CalibrationVectors {
    let file = try #require(
      Bundle.module.url(
        forResource: "CalibrationVectors", withExtension: "json", subdirectory: "Golden"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(CalibrationVectors.self, from: Data(contentsOf: file))
  }
}
