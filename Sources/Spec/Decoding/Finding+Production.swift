import Diagnostics
import OrderedCollections

// Findings about the published list, its reasons and its capacity, and about
// monitoring: H293 to H296, and H800 to H808.
extension Finding {
  static func noFeature(_ name: Located<String>, _ key: String, _ table: FeatureTable) -> Finding {
    let known = Array(table.all.keys)
    let windows = known.filter { $0.hasPrefix(name.value + "_") }
    let isSet = table.sets[name.value] != nil
    var notes: [String] = []
    if isSet {
      notes = ["`\(name.value)` is a feature set: \((table.sets[name.value] ?? []).names.listed)"]
    } else if !windows.isEmpty {
      notes = ["features that start with this name: \(windows.listed)"]
    }
    return Finding(
      800, "`score.\(key)` names `\(name.value.shortened)`, which is not a feature", at: name.span,
      label: isSet
        ? "list its features one by one"
        : suggestion(name.value, among: windows.isEmpty ? known : windows), notes: notes,
      hints: key == "columns"
        ? ["a source's column is written `source.column`, or `name: source.column`"] : [])
  }

  static func publishesNotChosen(_ name: Located<String>) -> Finding {
    Finding(
      800, "`score.columns` names `\(name.value)`, which is not a chosen feature", at: name.span,
      label: "it is not computed",
      hints: [
        "choose it under `features`, or remove it here; features that `features` removes are left "
          + "out automatically"
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
      label: "the rank within this feature is one",
      hints: [
        column.lowercased() == "rank_global"
          ? "`rank_global` is the rank over all rows: give the feature another name"
          : "rank names drop `cat_`: give the feature another name"
      ])
  }

  static func columnOfEveryList(_ name: Located<String>) -> Finding {
    Finding(
      802, "`\(name.value)` is a column that lists already have or can have", at: name.span,
      label: "give it another name",
      notes: [
        "reserved: cutoff_date, score, margin, run_id, scored_at, model, selected, "
          + "selected_because, `rank_...`, `reason_` with a number, and with "
          + "`capacity.hold_back` also hold_back"
      ],
      hints: [
        "under `columns`, `name: feature` and `name: source.column` set the name"
      ])
  }

  static func noSentence(_ feature: Located<String>) -> Finding {
    Finding(
      803, "there is no sentence for `\(feature.value)`", at: feature.span,
      label: "write one, or leave it out")
  }

  static func emptySentence(_ span: SourceSpan) -> Finding {
    Finding(
      803, "the sentence is empty", at: span, label: "write one, or leave the key out",
      hints: ["to hide a feature from the reasons, list it under `score.hidden`"])
  }

  static func valueOfMissing(at span: SourceSpan) -> Finding {
    Finding(
      803, "a missing value cannot be filled in", at: span,
      label: "remove `{value}` from `missing`")
  }

  static func numberOfCategory(_ key: Located<String>, _ feature: Located<String>) -> Finding {
    Finding(
      803, "`\(key.value)` never applies to `\(feature.value)`, which is a category", at: key.span,
      label: "its values are text",
      hints: ["`otherwise` with `{value}` names the level"])
  }

  static func hidesNothing(_ pattern: Located<String>) -> Finding {
    Finding(
      804, .warning, "no feature name matches `\(pattern.value.shortened)`", at: pattern.span,
      label: "hides nothing", hints: ["`*` matches any characters, including none"])
  }

  static func groupsByNoColumn(_ name: Located<String>, known: [String]) -> Finding {
    Finding(
      805, "the list has no column `\(name.value)`", at: name.span,
      label: suggestion(name.value, among: known),
      notes: [
        known.isEmpty ? "the list publishes no columns" : "published columns: \(known.listed)"
      ],
      hints: ["add it to `score.columns`, so that the list shows how its rows were assigned"])
  }

  static func oneFileForAllCutoffs(_ span: SourceSpan) -> Finding {
    Finding(
      806, .warning, "each list would overwrite the previous one", at: span,
      label: "the path has no `{cutoff}`",
      hints: ["with `{cutoff}` in the path, each cutoff has its own file"])
  }

  static func limitsNothing(_ key: Located<String>) -> Finding {
    Finding(
      807, .warning, "`capacity` limits nothing: every row is selected", at: key.span,
      label: "needs a number of rows, or a rule for which",
      notes: ["it can be limited by rows, groups, total, min_score, cool_down, or exclude"])
  }

  static func holdsBackMost(_ share: Located<Double>) -> Finding {
    Finding(
      295, .warning,
      "`hold_back` leaves \(NumberText.level(share.value)) of the selected accounts alone",
      at: share.span, label: "more than are worked on",
      hints: [
        "50 % shows an effect of the work soonest; above it, both the work and the evidence shrink"
      ])
  }

  static func holdsBackNobody(_ share: Located<Double>, of limit: Int) -> Finding {
    Finding(
      296, .warning,
      "`hold_back` leaves \(NumberText.short(share.value * Double(limit))) accounts per list alone",
      at: share.span,
      label: "\(NumberText.level(share.value)) of \(limit.grouped) \(limit == 1 ? "row" : "rows")",
      hints: ["hold back a larger share, or select more rows"])
  }

  static func capacityOfNoList(_ key: Located<String>) -> Finding {
    Finding(
      808, .warning, "`capacity` selects rows of a list, but there is no `score`", at: key.span,
      label: "has no effect here", hints: ["`score` describes the list and where it is written"])
  }

  static func watchesNoFeature(
    _ name: Located<String>, _ key: String, known: [String]
  ) -> Finding {
    Finding(
      293, "`monitor.\(key)` names `\(name.value.shortened)`, which is not a chosen feature",
      at: name.span, label: suggestion(name.value, among: known))
  }

  static func groupsByNumber(_ name: Located<String>) -> Finding {
    Finding(
      294, "`monitor.groups` names `\(name.value)`, which is not a category", at: name.span,
      label: "only the levels of a category are groups")
  }
}

extension [FeatureSpec] {
  fileprivate var names: [String] { map(\.name.value) }
}

extension Explanation {
  static let productionFindings: [Explanation] = [
    Explanation(
      293, "a monitor of an unknown feature",
      cause: """
        `monitor.ignore` and `monitor.groups` name features that the model uses, and it uses none \
        with this name. A feature to ignore would still raise alarms.
        """,
      example: .spec("monitor: {ignore: [«agee»]}"),
      fix: "Correct the name, or remove it."),
    Explanation(
      294, "groups that are no category",
      cause: """
        `monitor.groups` compares the levels of a category, such as a region. A number has no \
        levels.
        """,
      example: .spec("monitor: {groups: [«age»]}"),
      fix: "Name a category feature, or remove the name."),
    Explanation(
      800, "a list that names an unknown feature",
      cause: """
        `columns`, `sentences` and `hidden` of `score` name features, not feature sets. No set \
        defines this one, or it is listed under `columns` but not chosen, so it has no values to \
        show.
        """,
      example: .spec("score: {columns: [age, «regoin»]}"),
      fix: """
        Correct the name, or choose the feature under `features`. A feature with a list of windows \
        has one name per window, such as `calls_30d`.
        """),
    Explanation(
      801, "two list columns with the same name",
      cause: """
        Column names of a table must differ, ignoring case. A source column without another name \
        keeps its own name. A rank is named after the feature that it is within, without `cat_`.
        """,
      example: .spec("score: {columns: [age, «Age»: customers.segment]}"),
      fix: "Give one of them another name: `another_name: source.column`."),
    Explanation(
      802, "a column with a reserved name",
      cause: """
        Besides the columns under `columns`, a list has the score, its rank, the reasons, the \
        model, and the time of scoring. Programs that read lists rely on these names.
        """,
      example: .spec("score: {columns: [«margin»: customers.size]}"),
      fix: "Give the column another name."),
    Explanation(
      803, "a sentence that cannot be used",
      cause: """
        The sentence is empty, fills in a value where there is none, or uses the number of a \
        category, whose values are text. A reason would be empty, or the sentence would never be \
        used.
        """,
      example: .spec("score: {sentences: {age: {missing: \"no age, «{value}»\"}}}"),
      fix: """
        Write a sentence that works for every value that it can describe, or remove it: without a \
        sentence, the feature's name and value are shown.
        """),
    Explanation(
      804, "a pattern that matches no feature",
      cause: """
        No feature name matches this pattern of `score.hidden`. The feature to hide may appear \
        among the reasons under another name.
        """,
      example: .spec("score: {hidden: [age, «emails_*»]}"),
      fix: "Correct the pattern, in which `*` matches any characters, or remove it."),
    Explanation(
      805, "a capacity per unknown column",
      cause: """
        `capacity.per` splits the list by the values of one of its columns: a feature of \
        `score.rank_within`, or a column of `score.columns`. The list has no column with this name.
        """,
      example: .spec(
        """
        score: {rank_within: [region], columns: [owner: customers.status]}
        capacity: {per: «ownr», rows: 50}
        """),
      fix: """
        Write the column's name in the list, or add the column to `score.columns`; `owner: \
        source.column` adds a source's column.
        """),
    Explanation(
      806, "one file for all cutoffs",
      cause: """
        `score.parquet` names the same file for every cutoff. Each list would overwrite the \
        previous one, and earlier lists could not be compared with their outcomes.
        """,
      example: .spec("score: {parquet: «lists/latest.parquet»}"),
      fix: """
        Put `{cutoff}` in the path. To keep all lists in one place, write a table: `score.table`.
        """),
    Explanation(
      807, "a capacity that limits nothing",
      cause: """
        `capacity` neither limits the number of rows nor excludes any, so all rows are selected.
        """,
      example: .spec(
        """
        score: {rank_within: [region]}
        «capacity»: {per: region}
        """),
      fix: "Set `rows`, `groups`, or `total`, or remove `capacity`."),
    Explanation(
      808, "a capacity without a list",
      cause: """
        `capacity` selects rows of the list that `score` describes, and the spec has no `score`, \
        so it has no effect.
        """,
      example: .spec("«capacity»: {rows: 50}"),
      fix: "Describe the list under `score`, or remove `capacity`."),
    Explanation(
      295, "a hold-back of more than half",
      cause: """
        The effect of the work is the difference between the accounts that are worked on and those \
        that are held back. It is most precise if both groups have the same size. With more than \
        half held back, fewer accounts are worked on and the effect takes longer to show. Perhaps \
        the share of the accounts to work on was meant.
        """,
      example: .spec("score: {}\ncapacity: {rows: 500, hold_back: «95 %»}"),
      fix: "Hold back at most half: `hold_back: 5 %`."),
    Explanation(
      296, "a hold-back of less than one account per list",
      cause: """
        The share times the number of rows that can be selected is below 1, so most lists hold back \
        nobody, and the effect of the work will not show for years.
        """,
      example: .spec("score: {}\ncapacity: {rows: 10, hold_back: «5 %»}"),
      fix: """
        Hold back a larger share. `holdout outcomes` says how many accounts an effect of a given \
        size takes.
        """),
  ]
}
