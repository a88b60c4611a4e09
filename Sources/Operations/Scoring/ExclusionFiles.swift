internal import Diagnostics
internal import Experiment
internal import Foundation
internal import Spec

/// The files that a capacity's `exclude` names, read.
struct ExclusionFiles {
  private let files: [Exclusions]

  /// - Throws: `FindingsError` where one cannot be read, or holds no keys.
  init(_ capacity: CapacitySpec?, key: String, _ project: Project) throws(FindingsError) {
    var files: [Exclusions] = []
    var findings: [Finding] = []
    for path in capacity?.exclude ?? [] {
      let full = path.value.hasPrefix("/") ? path.value : "\(project.folder)/\(path.value)"
      guard let bytes = FileManager.default.contents(atPath: full) else {
        findings.append(.unreadableExclusions(path))
        continue
      }
      let file = Exclusions(SourceFile(name: path.value, bytes: Array(bytes)), key: key)
      findings += file.findings
      files.append(file)
    }
    try findings.throwIfErrors()
    self.files = files
  }

  /// By entity number, the number of the first file that names it.
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

  /// Files none of whose keys is an entity's.
  func warnings(keys: [String]) -> [Finding] {
    guard !files.isEmpty else { return [] }
    let known = Set(keys)
    return files.compactMap { file in
      file.finding(known: file.keys.count { known.contains($0) })
    }
  }
}
