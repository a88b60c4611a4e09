import Columns
import Diagnostics
import Experiment
import HoldoutTestSupport
import Panel
import Randomness
import Spec

/// Random rows with contributions, and their reasons written a second time: each row by itself, from
/// plain values.
struct RandomReasons {
  let names = ["age", "size", "hidden_a", "territory", "hidden_b", "segment", "calls"]
  let levels: [[String]?] = [nil, nil, nil, ["West", "East", "North"], nil, ["a", "b"], nil]
  let rowCount: Int
  let count: Int
  /// By row, then by feature; nil is missing.
  private let values: [[Int?]]
  /// Whole numbers, so that ties and zeroes are common.
  private let sizes: [[Double]]

  init(_ draw: inout SplitMix64, rows: Int) {
    rowCount = rows
    count = draw.number(0...9)
    values = (0..<rows).map { _ in
      (0..<7).map { feature in
        draw.oneIn(4) ? nil : draw.number(0...(feature == 3 ? 2 : feature == 5 ? 1 : 3))
      }
    }
    sizes = (0..<rows).map { _ in (0..<7).map { _ in Double(draw.number(-3...3)) } }
  }

  private static let sentences: [String: ReasonSentences] = [
    "age": ReasonSentences(zero: .test("new"), otherwise: .test("{value} years old")),
    "territory": ReasonSentences(missing: .test("of no territory"), raises: .test("in {value}")),
    "hidden_a": ReasonSentences(otherwise: .test("secret")),
  ]

  var writer: ReasonWriter {
    ReasonWriter(
      features: names, levels: levels, count: count, sentences: { Self.sentences[$0] },
      hidden: ["hidden_*"])
  }

  func contributions(of rows: [Int]) -> [Double] { rows.flatMap { sizes[$0] + [99] } }

  func block(of rows: [Int]) -> FeatureBlock {
    let columns: [FeatureColumn] = names.indices.map { feature in
      let column = rows.map { values[$0][feature] }
      return switch feature {
      case 0: .double(column.map { $0.map(Double.init) ?? .nan })
      case 1: .float(column.map { $0.map(Float.init) ?? .nan })
      case 3: .int32(column.map { $0.map(Int32.init) ?? .min })
      case 4: .int16(column.map { $0.map(Int16.init) ?? .min })
      default: .int8(column.map { $0.map(Int8.init) ?? .min })
      }
    }
    return FeatureBlock(rowCount: rows.count, columns: columns)
  }

  /// A row's reasons, by sorting all of them.
  func naive(_ row: Int) -> [String] {
    names.indices
      .filter { sizes[row][$0] != 0 && !names[$0].hasPrefix("hidden_") }
      .sorted { one, other in
        (-abs(sizes[row][one]), one) < (-abs(sizes[row][other]), other)
      }
      .prefix(count).map { text(row, $0) }
  }

  private func text(_ row: Int, _ feature: Int) -> String {
    let name = names[feature]
    let raises = sizes[row][feature] > 0
    let shown = values[row][feature].map { levels[feature]?[$0] ?? "\($0)" }
    let fact = shown.map { "\(name)=\($0)" } ?? "\(name) missing"
    let sentence: String? =
      switch (name, shown) {
      case ("age", "0"): "new"
      case ("age", .some(let shown)): "\(shown) years old"
      case ("territory", nil): "of no territory"
      case ("territory", .some(let shown)): raises ? "in \(shown)" : nil
      default: nil
      }
    return (raises ? "+ " : "- ") + (sentence.map { "\($0) [\(fact)]" } ?? fact)
  }
}
