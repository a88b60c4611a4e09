extension Explanation {
  static let contracts: [Explanation] = [
    Explanation(
      320, "a broken promise about the data",
      cause: """
        `expect` says what a source's data promise, and the data differ. Promises are compared with all \
        rows before anything is trained, so that a broken export shows here and not as a strange metric.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{accepted_values: [retail], column: segment}»]}}",
        Example.checkWithData),
      mend: "Mend the data, or change the promise."),
    Explanation(
      321, "a promise that examined no row",
      cause: """
        Every value that the promise is about is null, or the source has no row. Such a promise cannot be \
        broken and says nothing; often its column was emptied by accident.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{between: [0, 100], column: size}»]}}",
        sql: "UPDATE customers SET size = NULL;", Example.checkWithData),
      mend: "Look at the column, and take the promise out if the column is meant to be empty."),
    Explanation(
      322, "a promise that cannot be checked",
      cause: """
        The engine cannot compute what the promise asks for: a regular expression that is malformed, or a \
        promise about freshness of a source without `data_through`.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{matches: '[a-z', column: segment}»]}}",
        Example.checkWithData),
      mend: "Mend the promise, or take it out."),
    Explanation(
      323, "a value that never occurs",
      cause: """
        A rule asks for a value that no row of the source has, now or at any time. It is usually misspelt, \
        and the rule then holds for nobody.
        """,
      example: .spec(
        "cohort: {where: [{in: {column: history.region, values: [North, «Suoth»]}}]}",
        Example.checkWithData),
      mend: "Write a value that occurs; the note lists them."),
  ]
}
