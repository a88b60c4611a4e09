import Foundation

extension LightGBMGolden {
  /// A model with at most eight splits a tree, and what the Python package predicts with it.
  struct SmallModel {
    let model: String
    /// Of the first 1,100 rows.
    let margins: [Double]
    /// Of the first 50 rows.
    let contributions: [Double]
  }

  /// Models that take for missing: NaN, zero, nothing; and one of single splits.
  static func smallModels() throws -> [SmallModel] {
    struct File: Decodable {
      let model: String
      let margins: [String]
      let contributions: [String]
    }
    guard let folder = Bundle.module.url(forResource: "Golden", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return try JSONDecoder().decode(
      [File].self, from: Data(contentsOf: folder.appending(path: "lightgbm_small.json"))
    ).map { file in
      SmallModel(
        model: file.model, margins: file.margins.compactMap { Double($0) },
        contributions: file.contributions.compactMap { Double($0) })
    }
  }
}
