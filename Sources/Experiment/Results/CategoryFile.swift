internal import Diagnostics
public import Foundation
public import Learning

/// A run's category_levels.json: the levels that each category feature learned on the train rows.
public struct CategoryFile: Encodable {
  public let levels: [String: CategoryLevels]

  init(levels: [String: CategoryLevels]) { self.levels = levels }

  /// Reads what `json` wrote.
  /// - Throws: `DecodingError`.
  public init(json: Data) throws {
    levels = try JSONDecoder().decode([String: CategoryLevels].self, from: json)
  }

  func json() throws -> Data { try JSONDocument.data(levels, isSnakeCase: false) }
}
