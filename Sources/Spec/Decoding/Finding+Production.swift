import Diagnostics
import OrderedCollections

// Findings about the published list, its reasons and its capacity: H800 to H808.
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

extension Explanation {
  static let productionFindings: [Explanation] = [
    Explanation(
      800, "a list that names no feature",
      cause: """
        `columns`, `sentences` and `hidden` of `score` name features by their own names, not by those \
        of their sets. No set defines this one; or it stands under `columns` and is not chosen, so \
        that it has no values to show.
        """,
      example: .spec("score: {columns: [age, «regoin»]}"),
      fix: """
        Correct the name, or choose the feature under `features`. A feature with a list of windows \
        goes by the names of its windows, such as `calls_30d`.
        """),
    Explanation(
      801, "two columns of one name in a list",
      cause: """
        A table has one column of a name, without regard to case. A column of a source that is \
        written without a name of its own goes by its column's name; a rank is named after the \
        feature that it is within, without `cat_`.
        """,
      example: .spec("score: {columns: [age, «Age»: customers.segment]}"),
      fix: "Give one of them another name: `another_name: source.column`."),
    Explanation(
      802, "a column named like one that every list has",
      cause: """
        Beside what `columns` says, a list holds the score, its rank, the reasons, and what tells \
        which model scored it and when. Those who read lists rely on these names.
        """,
      example: .spec("score: {columns: [«margin»: customers.size]}"),
      fix: "Give the column another name."),
    Explanation(
      803, "a sentence that cannot be said",
      cause: """
        The sentence has no words, fills in a value where there is none, or speaks of the number of \
        a category, whose values are texts. A reason would be empty, or the sentence never be read.
        """,
      example: .spec("score: {sentences: {age: {missing: \"no age, «{value}»\"}}}"),
      fix: """
        Write a sentence that reads right for every value that it may stand for, or leave it out: \
        without any, the feature's name and value are shown.
        """),
    Explanation(
      804, "a pattern that hides nothing",
      cause: """
        No feature has a name like this pattern of `score.hidden`. What it was meant to hide may \
        stand among the reasons under another name.
        """,
      example: .spec("score: {hidden: [age, «emails_*»]}"),
      fix: "Correct the pattern, in which `*` stands for any characters, or leave it out."),
    Explanation(
      805, "a capacity by no column of the list",
      cause: """
        `capacity.per` deals the list out by the values of one of its columns: a feature of \
        `score.rank_within`, or what `score.columns` names. The list has no column of this name.
        """,
      example: .spec(
        """
        score: {rank_within: [region], columns: [owner: customers.status]}
        capacity: {per: «ownr», rows: 50}
        """),
      fix: """
        Write the name that the column has in the list, or add it to `score.columns`; \
        `owner: source.column` shows a source's column.
        """),
    Explanation(
      806, "one file for the lists of all cutoffs",
      cause: """
        `score.parquet` names one file whatever the cutoff. Each list is then written over the one \
        before, and what was published earlier cannot be held against what came of it.
        """,
      example: .spec("score: {parquet: «lists/latest.parquet»}"),
      fix: """
        Put `{cutoff}` into the path. To have all lists in one place, write a table: `score.table`.
        """),
    Explanation(
      807, "a capacity that limits nothing",
      cause: """
        `capacity` says neither how many rows can be worked on nor which of them are not to be, so \
        that all are selected.
        """,
      example: .spec(
        """
        score: {rank_within: [region]}
        «capacity»: {per: region}
        """),
      fix: "Say how many, with `rows`, `groups` or `total`; or leave `capacity` out."),
    Explanation(
      808, "a capacity without a list",
      cause: """
        `capacity` selects rows of the list that `score` describes, and the spec has no `score`. \
        Nothing reads it then.
        """,
      example: .spec("«capacity»: {rows: 50}"),
      fix: "Describe the list under `score`, or leave `capacity` out."),
  ]
}
