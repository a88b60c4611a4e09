/// The files around the experiment.
extension StarterProject {
  /// `holdout.yaml`: the connection and the results folder.
  static let project = """
    # The project: where data come from and where results go. Every path here and in the specs is
    # relative to this file's folder; only `extends` is relative to the spec that says it.

    # Databases that a spec's sources may name. A DuckDB file is only read. Parquet, CSV and JSON
    # files need no connection. Any other database is read through its ADBC driver:
    #   crm: {driver: postgresql, uri: "postgresql://reader@db/crm"}
    connections:
      shop: {duckdb: data/shop.duckdb}

    # Each experiment gets a folder of its own in here, by its name.
    results: results

    """

  /// `README.md`: what to call, what is where, what to change first.
  static let notes = """
    # Which customers place a first order within 90 days?

        holdout check experiments/first_order.yaml     is the spec right, does the data fit it?
        holdout plan experiments/first_order.yaml      each cutoff: role, label window, positives
        holdout run experiments/first_order.yaml       trains, calibrates, judges, writes results/

    - `experiments/`: the questions, one spec each; `holdout.schema.json` helps editors with keys.
    - `holdout.yaml`: where databases are. `data/`: the example's data, made by `data/make.sql`.
    - `results/first_order/`: the latest numbers; `runs/RUN_ID/report.md` in it is the page to read.
    - `.github/workflows/holdout.yml`: runs the specs of a pull request and comments on the result.
    - Change first: a key for one call, `holdout run experiments/first_order.yaml model.seed=7`;
      then `features` and `label` in the spec; then `sources`, to read your own tables.

    """

  /// `.gitignore`: what is made again by a run or by `data/make.sql`.
  static let ignored = """
    # What a run keeps for itself. results/NAME/metrics.json and feature_importance.csv are for git.
    /results/*/runs/
    /.holdout/
    *.tmp

    # Data; `holdout sql data/make.sql` makes the example's again.
    /data/*.duckdb
    /data/*.duckdb.wal
    /data/*.parquet

    """
}
