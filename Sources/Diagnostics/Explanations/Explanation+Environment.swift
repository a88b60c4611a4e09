// What the machine lacks: H701 to H703, and H707.
extension Explanation {
  static let environment: [Explanation] = [
    Explanation(
      701, "native library that cannot be loaded",
      cause: """
        Holdout reads data with DuckDB and trains with LightGBM, which it loads as shared \
        libraries when it starts to work. One of them is not where it is looked for, or is not a \
        library for this machine.
        """,
      example: .commands("HOLDOUT_DUCKDB=/nowhere/libduckdb.so holdout check spec.yaml"),
      mend: """
        Run `scripts/setup`, which puts both into `.native/lib`. If `HOLDOUT_DUCKDB` or \
        `HOLDOUT_LIGHTGBM` is set, correct the path in it or unset it.
        """),
    Explanation(
      702, "database driver that cannot be loaded",
      cause: """
        The source's connection goes through an ADBC driver, a shared library that does not come \
        with Holdout. It is not installed, or not where it is looked for.
        """,
      example: .files(
        [
          (
            "holdout.yaml",
            """
            connections:
              shop: {driver: «snowflake», uri: "reader@account/shop"}

            """
          )
        ], Example.checkWithData),
      mend: """
        `scripts/setup --drivers` brings those of PostgreSQL and SQLite. Install any other, or write its \
        full path for `driver` in holdout.yaml. Write `duckdb: FILE` if the data are in a DuckDB file.
        """),
    Explanation(
      703, "results that cannot be written",
      cause: """
        The results folder cannot be made or written: a missing permission, a full disk, or a file \
        in its place. It is tried before any data are read, so that a long run rarely ends with \
        it.
        """,
      example: .commands("touch results && holdout run spec.yaml"),
      mend: """
        Correct the permissions or free some space, or name another folder with `results:` in \
        holdout.yaml.
        """),
    Explanation(
      707, "cache that cannot be written",
      cause: """
        Runs keep the panel's parts and their own results in a cache folder, so that none is made twice. \
        It cannot be made or written: a missing permission, a full disk, or a file in its place.
        """,
      example: .commands("mkdir -p .holdout && touch .holdout/cache && holdout run spec.yaml"),
      mend: """
        Free some space (`holdout cache prune --keep 10GB`) or correct the permissions, or name another \
        folder with `cache:` in holdout.yaml. Everything in it can be made again.
        """),
  ]
}
