import Diagnostics
import OrderedCollections

// Findings about the list that is published, its reasons and its capacity: H800 to H808.
extension Finding {
  static func noFeature(_ name: Located<String>, _ key: String, _ table: FeatureTable) -> Finding {
    let known = Array(table.all.keys)
    let windows = known.filter { $0.hasPrefix(name.value + "_") }
    let isSet = table.sets[name.value] != nil
    var notes: [String] = []
    if isSet {
      notes = ["`\(name.value)` is a feature set: \((table.sets[name.value] ?? []).names.listed)"]
    } else if !windows.isEmpty {
      notes = ["features that begin so: \(windows.listed)"]
    }
    return Finding(
      800, "`score.\(key)` names `\(name.value.shortened)`, which is no feature", at: name.span,
      label: isSet
        ? "name its features one by one"
        : suggestion(name.value, among: windows.isEmpty ? known : windows), notes: notes,
      hints: key == "columns"
        ? ["a source's column is written `source.column`, or `name: source.column`"] : [])
  }

  static func publishesNotChosen(_ name: Located<String>) -> Finding {
    Finding(
      800, "`score.columns` names `\(name.value)`, which is not a chosen feature", at: name.span,
      label: "no value of it is computed",
      hints: [
        "choose it under `features`, or leave it out here; what `features` takes away again is left "
          + "out by itself"
      ])
  }

  static func columnTwice(_ name: Located<String>, other: Located<String>) -> Finding {
    Finding(
      801, "two columns of the list would be named `\(name.value)`", at: name.span,
      label: "`another_name: ...` gives it another name",
      notes: ["`\(other.value)` is also named at \(other.span.place)"])
  }

  static func rankTwice(_ feature: Located<String>, column: String) -> Finding {
    Finding(
      801, "two columns of the list would be named `\(column)`", at: feature.span,
      label: "the rank within this feature is one of them",
      hints: [
        column.lowercased() == "rank_global"
          ? "`rank_global` is the rank over all rows: give the feature another name"
          : "`cat_` is left out of the names of ranks: give the feature another name"
      ])
  }

  static func columnOfEveryList(_ name: Located<String>) -> Finding {
    Finding(
      802, "`\(name.value)` is taken by a column that every list has, or may have", at: name.span,
      label: "give it another name",
      notes: [
        "taken: cutoff_date, score, margin, run_id, scored_at, model, selected, selected_because, "
          + "and what begins with `rank_` or is `reason_` and a number"
      ],
      hints: [
        "under `columns`, `name: feature` and `name: source.column` choose the name"
      ])
  }

  static func noSentence(_ feature: Located<String>) -> Finding {
    Finding(
      803, "there is no sentence for `\(feature.value)`", at: feature.span,
      label: "write one, or leave it out")
  }

  static func emptySentence(_ span: SourceSpan) -> Finding {
    Finding(
      803, "the sentence says nothing", at: span, label: "write one, or leave the key out",
      hints: ["a feature that should give no reason belongs under `score.hidden`"])
  }

  static func valueOfMissing(at span: SourceSpan) -> Finding {
    Finding(
      803, "where the value is missing there is none to fill in", at: span,
      label: "leave `{value}` out of `missing`")
  }

  static func numberOfCategory(_ key: Located<String>, _ feature: Located<String>) -> Finding {
    Finding(
      803, "`\(key.value)` is never said of `\(feature.value)`, which is a category", at: key.span,
      label: "its values are texts",
      hints: ["`otherwise` with `{value}` names the level"])
  }

  static func hidesNothing(_ pattern: Located<String>) -> Finding {
    Finding(
      804, .warning, "no feature is named like `\(pattern.value.shortened)`", at: pattern.span,
      label: "hides nothing", hints: ["`*` stands for any characters, also none"])
  }

  static func groupsByNoColumn(_ name: Located<String>, known: [String]) -> Finding {
    Finding(
      805, "the list has no column `\(name.value)` to go by", at: name.span,
      label: suggestion(name.value, among: known),
      notes: [
        known.isEmpty ? "the list publishes no columns" : "published columns: \(known.listed)"
      ],
      hints: ["add it to `score.columns`: who works on the list sees what it was dealt out by"])
  }

  static func oneFileForAllCutoffs(_ span: SourceSpan) -> Finding {
    Finding(
      806, .warning, "each list would be written over the one before", at: span,
      label: "the path has no `{cutoff}`",
      hints: ["with `{cutoff}` in its path every cutoff's list has a file of its own"])
  }

  static func limitsNothing(_ key: Located<String>) -> Finding {
    Finding(
      807, .warning, "`capacity` limits nothing: every row is selected", at: key.span,
      label: "says how many rows, or which",
      notes: ["it is limited by rows, groups, total, min_score, cool_down or exclude"])
  }

  static func capacityOfNoList(_ key: Located<String>) -> Finding {
    Finding(
      808, .warning, "`capacity` selects rows of a list, and there is no `score`", at: key.span,
      label: "says nothing here", hints: ["`score` says what the list is and where it goes"])
  }
}

extension [FeatureSpec] {
  fileprivate var names: [String] { map(\.name.value) }
}
