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
