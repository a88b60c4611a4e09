internal import Diagnostics
internal import Files
internal import Foundation
internal import Panel
internal import Runs

/// One set of parameters and how it was judged.
public struct TuneTrial: Codable, Sendable, Equatable {
  /// Where the parameters are from.
  public enum Origin: String, Codable, Sendable {
    /// The spec as it is.
    case spec
    /// The learner's own values.
    case defaults
    /// A point of a quasi-random sequence.
    case sobol
    /// The expected improvement of a Gaussian process.
    case improvement
  }

  /// The trial's number, from 0.
  public let number: Int
  public let origin: Origin
  /// The values of the tuned parameters.
  public let values: [String: Double]
  /// The log loss of each fold's rows.
  public let losses: [Double]
  /// The log loss of all rows.
  public let loss: Double
  /// The mean number of trees.
  public let trees: Double
  /// The number of leaves of all trees, at most; the measure of how plain a model is.
  public let size: Double
  /// SHA-256 of the file with the loss of each cluster.
  let sums: String
}

/// The trials of a search on disk: one line of JSON per trial, and a file with the loss of each
/// cluster, which comparisons of trials need.
///
/// A trial's file is on disk before its line. A line that was written in part is ignored, and so is
/// everything after a trial whose file is missing or damaged: those trials are made again.
struct TuneJournal {
  static let file = "trials.jsonl"

  private let folder: String
  private var path: String { "\(folder)/\(Self.file)" }

  init(_ folder: String) { self.folder = folder }

  /// Reads the trials and cuts the journal after the last complete one.
  /// - Parameter clusters: the number of clusters that each trial has losses of.
  /// - Throws: `FileError`.
  func open(clusters: Int) throws(FileError) -> [(trial: TuneTrial, sums: [Double])] {
    try Files.makeFolder("\(folder)/losses")
    guard let data = try? Files.read(path, followsLinks: false) else { return [] }
    var trials: [(trial: TuneTrial, sums: [Double])] = []
    var length = 0
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let end = length + line.count + 1
      // The last line is complete only if a newline ends it.
      guard end <= data.count,
        let trial = try? JSONDecoder().decode(TuneTrial.self, from: Data(line)),
        trial.number == trials.count, let sums = sums(of: trial), sums.count == clusters
      else { break }
      trials.append((trial, sums))
      length = end
    }
    if length < data.count { try Files.write(data.prefix(length), to: path) }
    return trials
  }

  /// Adds a trial; it is on disk when this returns.
  /// - Throws: `FileError`, or `EncodingError`.
  func append(_ trial: TuneTrial, sums: Data) throws {
    try Files.write(sums, to: file(trial.number))
    let line = try JSONDocument.record(trial) + Data("\n".utf8)
    try Files.append({ _ in line }, to: path)
    try Files.sync(path)
  }

  private func file(_ number: Int) -> String { "\(folder)/losses/\(number).f64" }

  private func sums(of trial: TuneTrial) -> [Double]? {
    guard let data = try? Files.read(file(trial.number), followsLinks: false),
      Fingerprint.of(data) == trial.sums
    else { return nil }
    return Self.numbers(data)
  }

  /// Numbers as little-endian bytes.
  static func data(_ numbers: [Double]) -> Data {
    var data = Data(capacity: numbers.count * 8)
    for number in numbers {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  private static func numbers(_ data: Data) -> [Double]? {
    guard data.count % 8 == 0 else { return nil }
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      let bits = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
      return Double(bitPattern: bits)
    }
  }
}
