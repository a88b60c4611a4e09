import Foundation
import HoldoutTestSupport
import Testing

/// Changes to files that a project stores, drawn from a seed.
///
/// `HOLDOUT_FLIPS` sets how many flips a test makes, and `HOLDOUT_FLIP_SEED` which ones.
struct StoredBytes {
  let project: TestProject
  private var state: UInt64

  init(_ project: TestProject) {
    self.project = project
    let seed = ProcessInfo.processInfo.environment["HOLDOUT_FLIP_SEED"].flatMap { UInt64($0) } ?? 1
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  /// How many flips to make.
  static func count(_ standard: Int) -> Int {
    ProcessInfo.processInfo.environment["HOLDOUT_FLIPS"].flatMap { Int($0) } ?? standard
  }

  /// A number below a bound.
  private mutating func next(below bound: Int) -> Int {
    // Xorshift (Marsaglia, 2003).
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  /// Changes one bit of a file in place.
  /// - Returns: what was changed, in words.
  mutating func flip(_ file: String) throws -> String {
    var bytes = try project.data(file)
    try #require(!bytes.isEmpty, "\(file)")
    let (place, bit) = (next(below: bytes.count), next(below: 8))
    bytes[place] ^= 1 << UInt8(bit)
    try bytes.write(to: URL(filePath: "\(project.folder)/\(file)"))
    return "\(file): bit \(bit) of byte \(place)"
  }

  /// Changes an item of a list in turn, so that every item has its share.
  func item(_ number: Int, of files: [String]) -> String { files[number % files.count] }
}

/// Lines of shell that change a run as somebody would who knows of its hashes.
enum Forger {
  /// Puts the hash of a file into the run.json beside it, and the hash of run.json into itself.
  static func reseal(_ file: String) -> String {
    """
    m=$(sha256sum < \(file) | cut -c-64)
    sed -i 's/"\(file)" : .*,/"\(file)" : "'$m'",/' run.json
    s=$(grep -v record_sha256 run.json | sha256sum | cut -c-64)
    sed -i 's/record_sha256.*/record_sha256" : "'$s'",/' run.json
    """
  }

  /// Takes the hashes out of run.json.
  static let strip = #"sed -i '/"record_sha256"/d; /"files" : {/,/},/d' run.json"#
}
