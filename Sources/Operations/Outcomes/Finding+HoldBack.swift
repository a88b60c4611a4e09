internal import Diagnostics
internal import Evaluation
internal import Warehouse

// Findings about the marks of a hold-back in published lists: H685 and H686.
extension Finding {
  static func contradictoryMarks(_ place: String, _ problems: [String]) -> Finding {
    Finding(
      685, "the marks of the hold-back in \(place) are not those that were published",
      notes: problems,
      hints: [
        "restore the column `hold_back` and `selected`, or publish the lists of past days again "
          + "with `holdout backfill`"
      ])
  }

  static func doubtfulHoldBack(_ held: HoldBackMeasurement) -> Finding {
    var notes: [String] = []
    if held.workedOn > 0 {
      let one = held.workedOn == 1
      notes.append(
        "\(held.workedOn.grouped) held-back \(one ? "account was" : "accounts were") selected by a "
          + "later list before \(one ? "its" : "their") label window ended")
    }
    if let share = held.share, let probability = held.drawProbability, probability < 0.001 {
      let (alone, others) = (held.comparison.heldBack.clusters, held.comparison.selected.clusters)
      notes.append(
        "\(alone.grouped) of \((alone + others).grouped) are held back, and \(NumberText.level(share)) "
          + "would be \(NumberText.mean((share * Double(alone + others)).rounded())): the "
          + "probability of that by chance is \(NumberText.probability(probability))")
    }
    return Finding(
      686, .warning, "the hold-back is not as it was drawn", notes: notes,
      hints: [
        "if `hold_back`, the list's name, or the clusters were changed, measure only the lists since: "
          + "`--from DATE`"
      ])
  }
}

extension PublishedLedger {
  /// Refuses marks that no list has.
  /// - Throws: `FindingsError` or `WarehouseError`.
  static func checkMarks(_ lists: PublishedLists, _ connection: Connection) throws {
    let copy = PublishedLists.copy
    func quoted(_ marks: [HoldBackMark]) -> String {
      marks.map { SQL.literal($0.rawValue) }.joined(separator: ", ")
    }
    let checks = [
      (
        "hold_back NOT IN (\(quoted(HoldBackMark.allCases)))",
        "another mark than \(HoldBackMark.allCases.map { "`\($0.rawValue)`" }.inWords("or"))"
      ),
      (
        "hold_back IN (\(quoted([.heldBack, .reserve]))) AND selected",
        "a mark of the hold-back, and `selected`"
      ),
      (
        "hold_back IN (\(quoted([.compared, .replacement]))) AND NOT coalesce(selected, false)",
        "a mark of a selected row, and no `selected`"
      ),
    ]
    var problems: [String] = []
    for (condition, words) in checks {
      let count = try connection.count("SELECT count(*) FROM \(copy) WHERE \(condition)") ?? 0
      if count > 0 {
        problems.append("\(count.grouped) \(count == 1 ? "row has" : "rows have") \(words)")
      }
    }
    guard problems.isEmpty else {
      throw FindingsError(.contradictoryMarks(lists.words, problems))
    }
  }
}

extension Explanation {
  /// A champion with a published list of 40 accounts, and a measurement of its outcomes.
  /// - Parameter columns: SQL for the list's marks, in which `n` is the rank.
  private static func published(_ columns: String, holdBack: String) -> Example {
    .champion(
      """
      echo "COPY (SELECT 'C' || n AS customer_id, 0.1 AS score, DATE '2025-06-30' AS cutoff_date, \
      n AS rank_global, \(columns) FROM range(1, 41) AS rows(n)) TO 'list_2025-06-30.parquet'" \
      > list.sql
      holdout sql list.sql &> run.log
      holdout outcomes renewals
      """,
      spec: """
        score: {parquet: "list_{cutoff}.parquet"}
        capacity: {rows: 40, hold_back: \(holdBack)}
        """)
  }

  static let holdBackFindings: [Explanation] = [
    Explanation(
      685, "marks of a hold-back that contradict the list",
      cause: """
        A list with a `hold_back` marks each row within its limits: `held_back` and `reserve` rows \
        are not selected, `compared` and `replacement` rows are. Other values mean that something \
        else has changed the column `hold_back` or `selected`. A comparison of these rows would be \
        wrong, and nothing in its numbers would show it.
        """,
      example: published("true AS selected, 'held_back' AS hold_back", holdBack: "50 %"),
      fix: """
        Find out what else writes to the lists, and restore both columns. To plan the work, copy the \
        list to another table.
        """),
    Explanation(
      686, "a hold-back that is not as it was drawn",
      cause: """
        Either the share of held-back accounts is not the share that `hold_back` draws, which chance \
        does once in a thousand times, or a later list selected accounts while they were held back. \
        Usually `hold_back` was changed, rows of one arm were deleted, or accounts moved to another \
        cluster. Then the arms differ in more than the work.
        """,
      example: published(
        "n > 20 AS selected, if(n > 20, 'compared', 'held_back') AS hold_back", holdBack: "5 %"),
      fix: """
        After a change of `hold_back`, of the list's name, or of `evaluation.cluster`, measure the \
        lists since then: `holdout outcomes NAME --from DATE`. Do not delete rows of the lists.
        """),
  ]
}
