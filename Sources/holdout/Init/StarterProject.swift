/// The small working project that `holdout init` makes: customers of a web shop, and the question
/// who of them places a first order within 90 days.
///
/// The data are not among the texts: `data/make.sql` makes them, the same rows every time, in about
/// a second. The JSON Schema that the spec's first line names is added by the command.
enum StarterProject {
  /// The files in the order written, by their paths relative to the project folder.
  static let files: [(path: String, text: String)] = [
    ("holdout.yaml", project),
    (specPath, spec),
    (dataPath, data),
    ("README.md", notes),
    (".gitignore", ignored),
    (".github/workflows/holdout.yml", workflow),
  ]

  /// Where the spec lies: what `check`, `plan` and `run` are given.
  static let specPath = "experiments/first_order.yaml"

  /// Where the SQL lies that makes the data. It writes to the folder that the variable `folder`
  /// names, and to `data` in the working directory without one.
  static let dataPath = "data/make.sql"

  /// What that SQL writes.
  static let dataFiles = ["data/shop.duckdb", "data/profile.parquet", "data/visits.parquet"]
}
