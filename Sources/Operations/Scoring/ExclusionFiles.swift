internal import Diagnostics
internal import Files
internal import Foundation
internal import Runs
internal import Spec
internal import YAML

/// The content of the files in a capacity's `exclude`.
struct ExclusionFiles {
  private let files: [Exclusions]
  /// Warnings about the files.
  private let remarks: [Finding]

  /// - Throws: `FindingsError` if a file cannot be read or has no keys.
  init(_ capacity: CapacitySpec?, key: String, _ project: Project) throws(FindingsError) {
    var files: [Exclusions] = []
    var findings: [Finding] = []
    for path in capacity?.exclude ?? [] {
      let full = path.value.hasPrefix("/") ? path.value : "\(project.folder)/\(path.value)"
      guard let bytes = Self.bytes(path, full, project.roots, &findings),
        let text = SourceDecoder.decode(
          Array(bytes), name: path.value, findings: &findings)
      else { continue }
      let file = Exclusions(text, key: key)
      findings += file.findings
      files.append(file)
    }
    try findings.throwIfErrors()
    self.files = files
    remarks = findings
  }

  private static func bytes(
    _ path: Located<String>, _ full: String, _ roots: ReadingRoots, _ findings: inout [Finding]
  ) -> Data? {
    do throws(ReadingRoots.Refusal) {
      let real = try roots.file(full)
      if let bytes = try? Files.read(real, followsLinks: false, limit: maximumBytes) {
        return bytes
      }
    } catch {
      // A missing file has a finding of its own.
      if error != .missing {
        findings.append(.notRead(path.value, error, at: path.span))
        return nil
      }
    }
    findings.append(.unreadableExclusions(path))
    return nil
  }

  /// The most bytes in a file: ten million keys.
  private static let maximumBytes = 1 << 28

  /// By entity number, the index of the first file that names the entity.
  func numbers(keys: [String]) -> [Int16] {
    var numbers = [Int16](repeating: AllocationRows.notExcluded, count: keys.count)
    guard !files.isEmpty else { return numbers }
    let entities = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    for (number, file) in files.enumerated().reversed() {
      for key in file.keys {
        if let entity = entities[key] { numbers[entity] = Int16(number) }
      }
    }
    return numbers
  }

  /// Warnings about the files: lines without a key, and keys that match no entity.
  func warnings(keys: [String]) -> [Finding] {
    guard !files.isEmpty else { return [] }
    let known = Set(keys)
    return remarks
      + files.compactMap { $0.finding(known: known, entities: keys) }
  }
}
