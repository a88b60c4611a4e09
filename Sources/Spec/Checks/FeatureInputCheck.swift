import Diagnostics
import OrderedCollections

/// Checks the features that other features are computed from: those of a combination exist, are
/// numbers, and are chosen; SQL can tell them from columns; and no feature is computed from itself.
struct FeatureInputCheck {
  /// The number of levels of features over features that SQL may have.
  static let maximumDepth = 16

  let table: FeatureTable
  /// The chosen features; nil if unknown.
  let chosen: Set<String>?
  /// The source that is named `features`, if there is one: SQL then reads its columns.
  let sourceNamedFeatures: Located<String>?

  init(
    _ table: FeatureTable, chosen: [FeatureSpec]?, sourceNamedFeatures: Located<String>?
  ) {
    self.table = table
    self.chosen = chosen.map { Set($0.map(\.name.value)) }
    self.sourceNamedFeatures = sourceNamedFeatures
  }

  var findings: [Finding] {
    var findings: [Finding] = []
    for feature in table.all.values {
      for input in feature.expression.inputs where findings.count < SpecLoader.maximumFindings {
        if case .combination = feature.expression {
          findings += problems(of: input, in: feature)
        } else if let sourceNamedFeatures, table.all[input.value] != nil {
          findings.append(.featureOrColumn(input, source: sourceNamedFeatures))
        }
      }
    }
    return findings + circularOrDeep
  }

  /// Returns findings about one part of a combination.
  private func problems(of part: Located<String>, in feature: FeatureSpec) -> [Finding] {
    guard let found = table.all[part.value] else {
      return table.isMalformed(part.value)
        ? [] : [.unknownPart(part, known: Array(table.all.keys))]
    }
    var findings: [Finding] = []
    if found.expression.isCategory { findings.append(.combinesCategory(part)) }
    if let chosen, chosen.contains(feature.name.value), !chosen.contains(part.value) {
      findings.append(.partNotChosen(part, of: feature.name))
    }
    return findings
  }

  /// Findings about features that are computed from themselves: those that remain after a
  /// topological sort, with inputs before the features computed from them (A. B. Kahn, Topological
  /// sorting of large networks, 1962). Without any, findings about SQL over too many levels.
  private var circularOrDeep: [Finding] {
    var inputs: [String: [Located<String>]] = [:]
    for feature in table.all.values {
      let own = feature.expression.inputs
      if !own.isEmpty { inputs[feature.name.value] = own }
    }
    var openInputs: [String: Int] = [:]
    var readers: [String: [String]] = [:]
    for (name, own) in inputs {
      for input in own where inputs[input.value] != nil {
        openInputs[name, default: 0] += 1
        readers[input.value, default: []].append(name)
      }
    }
    var depths: [String: Int] = [:]
    var ready = inputs.keys.filter { openInputs[$0] == nil }
    while let name = ready.popLast() {
      let depth = depths[name, default: 1]
      depths[name] = depth
      for reader in readers[name, default: []] {
        depths[reader] = max(depths[reader, default: 1], depth + 1)
        openInputs[reader, default: 0] -= 1
        if openInputs[reader] == 0 { ready.append(reader) }
      }
    }
    let circular = table.all.keys.compactMap { name -> Finding? in
      guard openInputs[name, default: 0] > 0 else { return nil }
      return inputs[name, default: []].first { openInputs[$0.value, default: 0] > 0 }
        .map(Finding.computedFromItself)
    }
    guard circular.isEmpty else { return circular }
    let deep = table.all.values.first { feature in
      feature.expression.isSQLOverFeatures
        && depths[feature.name.value, default: 0] > Self.maximumDepth
    }
    return deep.map { [.tooManyLevels($0.name, limit: Self.maximumDepth)] } ?? []
  }
}

// Findings about features that are computed from other features: H235 to H237, H276 and H277.
extension Finding {
  fileprivate static func unknownPart(_ name: Located<String>, known: [String]) -> Finding {
    let windows = known.filter { $0.hasPrefix(name.value + "_") }
    return Finding(
      235, "there is no feature `\(name.value)` to combine", at: name.span,
      label: suggestion(name.value, among: windows.isEmpty ? known : windows),
      notes: windows.isEmpty ? [] : ["each window is a separate feature: \(windows.listed)"])
  }

  fileprivate static func computedFromItself(_ name: Located<String>) -> Finding {
    Finding(
      236, "a feature is computed from itself, through `\(name.value)`", at: name.span,
      label: "part of the circle, or leads to it")
  }

  fileprivate static func combinesCategory(_ name: Located<String>) -> Finding {
    Finding(
      237, "`\(name.value)` is a category, and only numbers can be combined", at: name.span,
      label: "not a number")
  }

  fileprivate static func partNotChosen(
    _ name: Located<String>, of combination: Located<String>
  ) -> Finding {
    Finding(
      237, "`\(combination.value)` uses `\(name.value)`, which is not among the chosen features",
      at: name.span, label: "not chosen",
      hints: ["choose it under `features`, or remove `\(combination.value)` too"])
  }

  fileprivate static func featureOrColumn(
    _ name: Located<String>, source: Located<String>
  ) -> Finding {
    Finding(
      276, "`\(FeatureInputs.table).\(name.value)` may mean a feature or a column", at: name.span,
      label: "a feature, but there is also a source of that name",
      notes: ["the source `\(source.value)` is declared at \(source.span.place)"],
      hints: ["rename the source, or the feature `\(name.value)`"])
  }

  fileprivate static func tooManyLevels(_ name: Located<String>, limit: Int) -> Finding {
    Finding(
      277, "`\(name.value)` is computed from features on more than \(limit) levels", at: name.span,
      label: "too many levels", hints: ["compute it from fewer features of features"])
  }
}

extension Explanation {
  static let featureInputFindings: [Explanation] = [
    Explanation(
      235, "unknown feature in a combination",
      cause: """
        A sum, ratio, or difference names a feature that no set defines. A feature with a list of \
        windows becomes one feature per window, and none has the plain name.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «calls»]}]}"),
      fix: """
        Write the names of existing features, with their windows: `calls_30d`, `calls_all`.
        """),
    Explanation(
      236, "a feature computed from itself",
      cause: """
        A combination of features, or SQL over features, uses its own value, directly or through \
        other features, so the value cannot be computed.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «activity»]}]}"),
      fix: "Remove one feature of the circle from the feature that uses it."),
    Explanation(
      237, "a feature that cannot be combined",
      cause: """
        A sum, ratio, or difference is computed from numeric columns of the panel. A category is \
        not a number, and a feature that is not chosen is not in the panel.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «region»]}]}"),
      fix: """
        Remove the category from the combination. Choose every other feature of it under \
        `features`, or remove the combination there too. SQL can also read features that are not \
        chosen: `{sql: "features.a + features.b"}`.
        """),
    Explanation(
      276, "a source named `features`",
      cause: """
        In the SQL of a feature, `features.NAME` is the value of another feature. In a spec with a \
        source named `features` it may also be one of that source's columns.
        """,
      example: .spec(
        """
        sources: {features: {parquet: data/customers.parquet, key: id}}
        feature_sets: {more: [double: {sql: "2 * «features.size»"}]}
        """),
      fix: "Rename the source, or the feature if the column was meant."),
    Explanation(
      277, "too many levels of features of features",
      cause: """
        SQL reads a feature that is computed from another feature, and so on for more levels than \
        the engine can be asked to compute in one query.
        """,
      example: .spec(
        """
        feature_sets:
          more:
            - f0: {sql: "features.size + 1"}
        \((1...16).map { number in
          let name = number == 16 ? "«f16»" : "f\(number)"
          return "    - \(name): {sql: \"features.f\(number - 1) + 1\"}"
        }.joined(separator: "\n"))
        """),
      fix: "Compute it from fewer features of features."),
  ]
}
