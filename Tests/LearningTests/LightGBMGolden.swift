import Columns
import Foundation
import Learning
import Panel

/// What `Golden/make_lightgbm_golden.py` made with LightGBM's Python package.
struct LightGBMGolden {
  let names: [String]
  let encodings: [ColumnEncoding]
  let columns: [FeatureColumn]
  let labels: [Float]
  let configuration: LearnerConfiguration
  let margins: [Double]
  let contributions: [Double]
  let gain: [Double]
  let split: [Int]
  let modelText: String

  private struct File: Decodable {
    struct Table: Decodable {
      let codes: [Int32]
      let missing: Int32
      let unseen: Int32
    }
    enum Value: Decodable {
      case whole(Int)
      case fraction(Double)
      case missing

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
          self = .missing
        } else if let whole = try? container.decode(Int.self) {
          self = .whole(whole)
        } else {
          self = .fraction(try Self.number(container.decode(String.self)))
        }
      }

      static func number(_ text: String) throws -> Double {
        guard let number = Double(text) else {
          throw CocoaError(.coderReadCorrupt)
        }
        return number
      }
    }
    struct Column: Decodable {
      let name: String
      let storage: String
      let category: Table?
      let values: [Value]
    }
    let columns: [Column]
    let labels: [Float]
    let parameters: [Parameter]
    let seed: Int
    let iterations: Int
    let margins: [String]
    let contributions: [String]
    let gain: [String]
    let split: [Int]
  }

  init() throws {
    guard let folder = Bundle.module.url(forResource: "Golden", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    let file = try JSONDecoder().decode(
      File.self, from: Data(contentsOf: folder.appending(path: "lightgbm.json")))
    modelText = try String(
      contentsOf: folder.appending(path: "lightgbm_model.txt"), encoding: .utf8)
    names = file.columns.map(\.name)
    encodings = file.columns.map { column in
      guard let table = column.category else { return .number }
      return .category(codes: table.codes, missing: table.missing, unseen: table.unseen)
    }
    columns = file.columns.map(Self.column)
    labels = file.labels
    configuration = LearnerConfiguration(
      parameters: file.parameters, iterations: file.iterations, seed: file.seed,
      classWeight: .balanced)
    margins = try file.margins.map(File.Value.number)
    contributions = try file.contributions.map(File.Value.number)
    gain = try file.gain.map(File.Value.number)
    split = file.split
  }

  private static func column(_ column: File.Column) -> FeatureColumn {
    func wholes<Value: FixedWidthInteger>(_ type: Value.Type) -> [Value] {
      column.values.map { if case .whole(let value) = $0 { Value(value) } else { .min } }
    }
    return switch column.storage {
    case "int8": .int8(wholes(Int8.self))
    case "int16": .int16(wholes(Int16.self))
    case "int32": .int32(wholes(Int32.self))
    default:
      .double(column.values.map { if case .fraction(let value) = $0 { value } else { .nan } })
    }
  }

  /// The rows in blocks of the given sizes, which the last one completes.
  func blocks(_ sizes: [Int] = []) -> [FeatureBlock] {
    var blocks: [FeatureBlock] = []
    var start = 0
    for size in sizes + [labels.count] where start < labels.count {
      let rows = start..<min(start + size, labels.count)
      blocks.append(
        FeatureBlock(rowCount: rows.count, columns: columns.map { Self.slice($0, rows) }))
      start = rows.upperBound
    }
    return blocks
  }

  /// The first rows only.
  func firstRows(_ count: Int) -> [FeatureBlock] {
    [FeatureBlock(rowCount: count, columns: columns.map { Self.slice($0, 0..<count) })]
  }

  private static func slice(_ column: FeatureColumn, _ rows: Range<Int>) -> FeatureColumn {
    switch column {
    case .int8(let values): .int8(Array(values[rows]))
    case .int16(let values): .int16(Array(values[rows]))
    case .int32(let values): .int32(Array(values[rows]))
    case .float(let values): .float(Array(values[rows]))
    case .double(let values): .double(Array(values[rows]))
    }
  }

  /// Bins all rows with the golden weights.
  func dataset(
    _ library: LightGBMLibrary, threads: Int, blocks sizes: [Int] = [],
    labels: [Float]? = nil, configuration: LearnerConfiguration? = nil
  ) throws -> Dataset {
    try Dataset(
      library: library, blocks: blocks(sizes), names: names, encodings: encodings,
      labels: labels ?? self.labels,
      weights: self.configuration.classWeight.weights(labels: self.labels),
      configuration: configuration ?? self.configuration, threads: threads)
  }

  /// Trains the golden model again.
  func train(
    _ library: LightGBMLibrary, threads: Int, blocks sizes: [Int] = []
  ) throws -> Booster {
    try Booster.train(
      on: dataset(library, threads: threads, blocks: sizes), configuration: configuration,
      threads: threads)
  }
}
