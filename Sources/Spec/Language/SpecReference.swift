import Diagnostics

/// The tables of the reference page, generated from the definitions that the decoder uses.
public enum SpecReference {
  /// Returns every map of the language: its meaning, its keys, their constraints, and an example.
  public static func markdown() -> String {
    DefinitionName.allCases.map { section(SpecLanguage.definition($0)) }.joined(separator: "\n")
  }

  private static func section(_ definition: MapDefinition) -> String {
    var text = "### \(definition.name.rawValue)\n\n\(definition.summary)\n\n"
    text += "| key | value | default | meaning |\n|---|---|---|---|\n"
    for key in definition.keys { text += row(key) }
    if let others = definition.others {
      text += row("any other: \(others.style.reference)", others.kind, "", others.summary)
    }
    text += "\n"
    for constraint in definition.constraints { text += "- \(sentence(constraint))\n" }
    let besides = definition.keys.filter { !$0.beside.isEmpty && $0.beside.count < 6 }
    for key in besides {
      let others = key.beside.map { "`\($0)`" }.inWords("or")
      text += "- `\(key.name)` only together with \(others).\n"
    }
    if !definition.constraints.isEmpty || !besides.isEmpty { text += "\n" }
    return text + "```yaml\n\(definition.example)\n```\n"
  }

  private static func row(_ key: KeyDefinition) -> String {
    row("`\(key.name)`", key.kind, standard(key), key.summary)
  }

  private static func row(
    _ name: String, _ kind: ValueKind, _ standard: String, _ summary: String
  ) -> String {
    let words = kind.explainedWords.map { "`\($0.name)`: \($0.summary)" }
    let meaning = ([summary] + words).joined(separator: "<br>")
    let value = kind.reference.replacing("|", with: "\\|")
    return "| \(name) | \(value) | \(standard) | \(meaning) |\n"
  }

  private static func standard(_ key: KeyDefinition) -> String {
    switch key.presence {
    case .required: "**required**"
    case .optional: ""
    case .default(.scalar(let text)): "`\(text)`"
    case .default(.list(let texts)): "`[\(texts.joined(separator: ", "))]`"
    case .default(.map):
      if case .map = key.kind { "its defaults" } else { "`{}`" }
    }
  }

  private static func sentence(_ constraint: MapDefinition.Constraint) -> String {
    func list(_ keys: [String], _ conjunction: String) -> String {
      keys.map { "`\($0)`" }.inWords(conjunction)
    }
    return switch constraint {
    case .exactlyOne(let keys, let what): "Exactly one \(what): \(list(keys, "or"))."
    case .oneGroup(let groups, let what):
      "At most one \(what): \(groups.map { list($0, "and") }.joined(separator: "; "))."
    case .together(let keys): "\(list(keys, "and")) are used together."
    case .needsAll(let key, let others): "`\(key)` only together with \(list(others, "and"))."
    }
  }
}

extension ValueKind {
  /// The kind as a cell of the reference page's tables.
  fileprivate var reference: String {
    switch self {
    case .integer(let range): "whole number, \(range.inWords)"
    case .number(let range): "number, \(range)"
    case .share: "share, `5 %` or `0.05`, \(NumberRange.share)"
    case .words(let words): words.map { "`\($0.name)`" }.joined(separator: ", ")
    case .date: "date, `2025-09-30`"
    case .period(let minimum): "period, `90 days`\(minimum == 0 ? ", may be `0 days`" : "")"
    case .perPositive: "count for each positive, `20 per positive`"
    case .column: "`source.column`"
    case .sql: "SQL"
    case .identifier: "name"
    case .scalar: "value"
    case .verbatim: "value, as text"
    case .list(let kind, let minimum):
      "list of \(kind.reference)\(minimum == 0 ? "" : ", \(minimum) or more")"
    case .map(let name):
      "[\(name.rawValue)](#\(name.rawValue))"
    case .names(let kind, let style): "map: \(style.reference) to \(kind.reference)"
    case .entry(let kind): "`NAME:` \(kind.reference)"
    case .either(let kinds): kinds.map(\.reference).joined(separator: "; or ")
    case .text, .boolean: expectation
    }
  }

  /// The words of this kind that have an explanation, without duplicates.
  fileprivate var explainedWords: [Word] {
    switch self {
    case .words(let words): words.filter { !$0.summary.isEmpty }
    case .either(let kinds):
      kinds.flatMap(\.explainedWords).reduce(into: []) { words, word in
        if !words.contains(where: { $0.name == word.name }) { words.append(word) }
      }
    case .list(let kind, _): kind.explainedWords
    default: []
    }
  }
}

extension ValueKind.NameStyle {
  /// The style as a cell of the reference page's tables.
  fileprivate var reference: String {
    switch self {
    case .identifier: "name"
    case .parameter: "parameter"
    case .metric: "metric"
    case .text: "text"
    case .path: "path `a.b.c`"
    case .sourceKey: "`source.key`"
    }
  }
}
