import Foundation
import HoldoutTestSupport
import Testing

/// A shop with a champion whose lists go to a table and to a file.
enum ScoringProject {
  /// A day on which every source still has rows of its own: new customers end soon after it.
  static let cutoff = "2024-07-31"

  static let score = """
    score:
      table: lists_{name}
      parquet: lists/{name}_{cutoff}.parquet
      key: id
      rank_within: [region]
      columns: [region, channel, size, age_days, amount]
      reasons: 2
      sentences: {size: "{value} people work there", age_days: "known for {value} days"}
      hidden: [visits_*]

    """

  /// - Parameter more: keys beside `score`, such as a capacity.
  static func make(_ more: String = "", score: String = score) throws -> TestProject {
    let project = try TestProject(withResults: true)
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    try project.makeFolder("experiments")
    try project.write("experiments/shop.yaml", Shop.spec + score + more)
    try PromoteCommandTests.promote(project, try project.runId())
    return project
  }

  @discardableResult
  static func score(_ project: TestProject, _ arguments: String...) throws -> ProgramResult {
    let result = try Program.run(
      ["score", "shop", "--threads", "1", "--allow-silent-sources"] + arguments,
      in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    return result
  }

  /// The rows of the table, those of all lists.
  static func table(
    _ project: TestProject, _ query: String = "SELECT * FROM lists"
  ) throws -> [[String]] {
    _ = try project.shell(
      """
      echo "ATTACH 'data/shop.duckdb' AS shop (READ_ONLY);
        COPY (FROM shop.lists_shop) TO 'table.parquet' (FORMAT parquet);" > query.sql
      "$HOLDOUT" sql query.sql
      """)
    return try project.rows("WITH lists AS (FROM 'table.parquet') \(query)")
  }
}
