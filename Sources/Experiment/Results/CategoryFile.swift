internal import Foundation
internal import Learning

/// A run's category_levels.json: the levels that each category feature learned on the train rows.
struct CategoryFile: Encodable {
  let levels: [String: CategoryLevels]

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(levels) + Data("\n".utf8)
  }
}
