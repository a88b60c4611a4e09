import Diagnostics
import Foundation
import YAML

/// The good texts that inputs are made from: this repository's specs and documentation.
struct FuzzSeeds {
  /// Complete specs, each with the files it extends; the first file is the spec.
  let specs: [[FuzzFile]]
  /// Maps that are part of a spec: the documentation's examples.
  let fragments: [String]
  /// Project files.
  let projects: [String]
  /// Every value that stands under a key anywhere, by key: what can take its place.
  let values: [String: [YAMLValue]]
  /// The keys of `values`, sorted.
  let keys: [String]

  /// Reads the repository's files.
  init(repository: String) throws {
    func text(_ path: String) throws -> String {
      try String(contentsOfFile: "\(repository)/\(path)", encoding: .utf8)
    }
    func yamlFiles(_ folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "\(repository)/\(folder)").sorted()
        .filter { $0.hasSuffix(".yaml") }
    }
    let bases = try yamlFiles("experiments/bases").map {
      FuzzFile("bases/\($0)", try text("experiments/bases/\($0)"))
    }
    let experiments = try yamlFiles("experiments").map { name in
      [FuzzFile("spec.yaml", try text("experiments/\(name)"))] + bases
    }
    let pages = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/docs").sorted()
    let blocks = try pages.filter { $0.hasSuffix(".md") }.flatMap {
      Self.yamlBlocks(of: try text("docs/\($0)"))
    }
    let base = FuzzFile("base.yaml", Specs.base)
    let whole = blocks.filter { $0.hasPrefix("version:") && $0.contains("cutoffs:") }
    specs =
      [[FuzzFile("spec.yaml", Specs.base)], [FuzzFile("spec.yaml", FuzzTexts.rich)]]
      + FuzzTexts.layers.map { [FuzzFile("spec.yaml", "extends: base.yaml\n" + $0), base] }
      + whole.map { [FuzzFile("spec.yaml", $0)] } + experiments
    fragments = blocks + FuzzTexts.layers
    projects = [try text("holdout.yaml")] + FuzzTexts.projects
    let values = Self.values(in: specs.flatMap { $0 }.map(\.text) + fragments)
    self.values = values
    keys = values.keys.sorted()
  }

  /// What a text says; nil where it is no YAML.
  static func tree(_ text: String) -> YAMLValue? {
    var findings: [Finding] = []
    let file = SourceFile(name: "seed", text: text)
    return YAMLParser.parse(file, findings: &findings).map { YAMLValue($0) }
  }

  private static func yamlBlocks(of page: String) -> [String] {
    page.components(separatedBy: "```yaml\n").dropFirst().map { rest in
      rest.components(separatedBy: "```")[0]
    }
  }

  private static func values(in texts: [String]) -> [String: [YAMLValue]] {
    var values: [String: [YAMLValue]] = [:]
    func collect(_ value: YAMLValue) {
      switch value {
      case .scalar: break
      case .sequence(let items): items.forEach(collect)
      case .mapping(let entries):
        for entry in entries {
          if values[entry.key]?.contains(entry.value) != true {
            values[entry.key, default: []].append(entry.value)
          }
          collect(entry.value)
        }
      }
    }
    for text in texts { if let tree = tree(text) { collect(tree) } }
    return values
  }
}
