import Foundation
import Testing

/// Reads a golden file of `Vectors/`; JSON5, because the reference file holds a bare NaN.
func vectors<Shape: Decodable>(_ name: String, as shape: Shape.Type) throws -> Shape {
  let file = try #require(
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors"))
  let decoder = JSONDecoder()
  decoder.allowsJSON5 = true
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(shape, from: Data(contentsOf: file))
}

/// The reference file; only what is tested here.
struct ReferenceVectors: Decodable {
  struct Metrics: Decodable, CustomStringConvertible {
    enum Loss: Decodable {
      case value(Double)
      case refused

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = (try? container.decode(Double.self)).map(Loss.value) ?? .refused
      }
    }

    var name: String
    var y: [UInt8]
    var p: [Double]
    var w: [Double]?
    var rocAuc: Double
    var ap: Double
    var brier: Double
    var logLoss: Loss
    var description: String { name }
  }

  struct Curve: Decodable, CustomStringConvertible {
    struct Arguments: Decodable {
      var nBins: Int
      var strategy: String?
    }

    var name: String
    var y: [UInt8]
    var p: [Double]
    var args: Arguments
    var probTrue: [Double]?
    var probPred: [Double]?
    var description: String { name }
  }

  var metrics: [Metrics]
  var calibrationCurve: [Curve]
}

/// Larger cases made by `make_vectors.py`.
struct EvaluationVectors: Decodable {
  struct Curve: Decodable {
    var nBins: Int
    var strategy: String
    var probTrue: [Double]
    var probPred: [Double]
  }

  struct Case: Decodable {
    var y: [UInt8]
    var p: [Double]
    var w: [Double]?
    var rocAuc: Double
    var ap: Double
    var brier: Double
    var logLoss: Double
    var line: [Double]
    var intercept: Double
    var calibrationCurve: [Curve]
  }

  var cases: [Case]
}
