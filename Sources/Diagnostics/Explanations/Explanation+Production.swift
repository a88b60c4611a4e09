// What a list publishes, how its reasons are said, and its capacity: H800 to H808.
extension Explanation {
  static let production: [Explanation] = [
    Explanation(
      800, "a list that names no feature",
      cause: """
        `columns`, `sentences` and `hidden` of `score` name features by their own names, not by those \
        of their sets. No set defines this one; or it stands under `columns` and is not chosen, so \
        that it has no values to show.
        """,
      example: .spec("score: {columns: [age, «regoin»]}"),
      mend: """
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
      mend: "Give one of them another name: `another_name: source.column`."),
    Explanation(
      802, "a column named like one that every list has",
      cause: """
        Beside what `columns` says, a list holds the score, its rank, the reasons, and what tells \
        which model scored it and when. Those who read lists rely on these names.
        """,
      example: .spec("score: {columns: [«margin»: customers.size]}"),
      mend: "Give the column another name."),
    Explanation(
      803, "a sentence that cannot be said",
      cause: """
        The sentence has no words, fills in a value where there is none, or speaks of the number of \
        a category, whose values are texts. A reason would be empty, or the sentence never be read.
        """,
      example: .spec("score: {sentences: {age: {missing: \"no age, «{value}»\"}}}"),
      mend: """
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
      mend: "Correct the pattern, in which `*` stands for any characters, or leave it out."),
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
      mend: """
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
      mend: """
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
      mend: "Say how many, with `rows`, `groups` or `total`; or leave `capacity` out."),
    Explanation(
      808, "a capacity without a list",
      cause: """
        `capacity` selects rows of the list that `score` describes, and the spec has no `score`. \
        Nothing reads it then.
        """,
      example: .spec("«capacity»: {rows: 50}"),
      mend: "Describe the list under `score`, or leave `capacity` out."),
  ]
}

// Exclusion files of a call list: H815 to H818, H857.
extension Explanation {
  /// A model in production whose list leaves out the keys of a file.
  private static func excluding(_ file: String) -> Example {
    .champion(
      "holdout score renewals",
      spec: Example.lists + "\ncapacity: {rows: 20, exclude: [do_not_call.csv]}",
      files: [("do_not_call.csv", file)])
  }

  static let lists: [Explanation] = [
    Explanation(
      815, "an exclusion file with an open quote",
      cause: """
        A field that starts with a quote ends at the next one, also some lines further down. Without \
        that one the rest of the file is a single field, and whoever stands in it would be called. \
        Nothing is written then.
        """,
      example: excluding("id,reason\nC1,«\"»asked us to stop\nC2,moved away\n"),
      mend: "Close the quote, or write two of them where the text itself has one."),
    Explanation(
      816, "a line of an exclusion file without a key",
      cause: """
        The line says something, but its key is blank, so that it keeps no one off the list. The key \
        is the first field, or the one that a heading on the first line names.
        """,
      example: excluding("C1,asked us to stop\n«,moved away»\n"),
      mend: "Write the key, name its field in a heading, or start the line with `#`."),
    Explanation(
      817, "an exclusion file without keys",
      cause: """
        The file is there and names no one: perhaps an export that failed, or a file that was cut off.
        """,
      example: excluding("«»# agreed with legal in May\n"),
      mend: "Write the file again, or take it out of `capacity.exclude`."),
    Explanation(
      818, "an exclusion file of unknown keys",
      cause: """
        None of the file's keys is that of an entity, in the cohort or outside. It may hold names, or \
        the keys of another system: the people whom it is about would be called.
        """,
      example: excluding("«anna@example.org»\nbert@example.org\n"),
      mend: "Write the keys of the cohort's source, one a line, or name their field in a heading."),
    Explanation(
      857, "keys of an exclusion file that no entity has",
      cause: """
        Some of the file's keys are those of entities and some are not. Such a key may be of an \
        account that was deleted; or it is written another way than the source writes it, and whoever \
        it means may be called. The note says how many would be an entity's key but for blanks, \
        invisible characters, case, leading zeros or the like.
        """,
      example: excluding("C1\n«c2»\nC3\n"),
      mend: "Write these keys as the cohort's source does, or take them out of the file."),
  ]
}
