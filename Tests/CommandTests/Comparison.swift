import Foundation
import HoldoutTestSupport

/// The JSON of `holdout compare`.
struct Comparison: Decodable {
  struct Difference: Decodable {
    let base: Double
    let candidate: Double
    let difference: Double
    let low: Double?
    let high: Double?
  }

  struct Rows: Decodable {
    let cutoffs: [String]
    let rows: Int
    let positives: Int
    let positiveEntities: Int
    let clusters: Int?
  }

  struct Side: Decodable {
    let reference: String
    let name: String
    let runId: String?
    let doubts: [String]
  }

  struct Importance: Decodable {
    let feature: String
    let kind: String
    let base: Double?
    let candidate: Double?
  }

  struct List: Decodable {
    let list: String
    let rows: Double
    let shared: Double
  }

  struct Candidate: Decodable {
    let run: Side
    let verdict: String?
    let isPaired: Bool
    let unpairedReason: String?
    let decisive: Difference?
    let level: Double?
    let pValue: Double?
    let smallestDetectable: Double?
    let remarks: [String]
    let metrics: [String: Difference]
    let importance: [Importance]
    let lists: [List]
    let specDifferences: [SpecDifference]?
    let specDifferenceCount: Int?
  }

  struct SpecDifference: Decodable {
    let key: String
    let base: String
    let candidate: String
  }

  let base: Side
  let metric: String
  let smallestEffect: Double
  let notes: [String]
  let rows: Rows?
  let candidates: [Candidate]

  init(_ result: ProgramResult) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Comparison.self, from: Data(result.output.utf8))
  }
}
