// What the machine lacks: H701 to H703, H707, H710 to H713, H730, and H731.
extension Explanation {
  static let environment: [Explanation] = [
    Explanation(
      701, "native library that cannot be loaded",
      cause: """
        Holdout reads data with DuckDB and trains with LightGBM, which it loads as shared \
        libraries when it starts to work. One of them is not where it is looked for, belongs to \
        another user, or is not a library for this machine. The notes say where it was looked for.
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
        with Holdout. It is not installed, or not where it is looked for: beside the program, under a \
        driver manifest, and in the system's folders, never in the project.
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
        `scripts/setup --drivers` brings those of PostgreSQL and SQLite. Install any other, or name its \
        file in the environment: `HOLDOUT_DRIVER_SNOWFLAKE=/path/to/driver.so`. Write `duckdb: FILE` if the data are in a DuckDB file.
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
        It cannot be made or written: a missing permission, a full disk, or a file in its place. The \
        command goes on and keeps nothing. It is an error only where a folder for temporary files \
        cannot be written either.
        """,
      example: .commands("mkdir -p .holdout && touch .holdout/cache && holdout run spec.yaml"),
      mend: """
        Free some space (`holdout cache prune --keep 10GB`) or correct the permissions, or name another \
        folder with `cache:` in holdout.yaml. Everything in it can be made again.
        """),
    Explanation(
      710, "a driver given as a file",
      cause: """
        A driver is code that runs in the program. holdout.yaml says which driver a database needs, \
        by name; where its file is, only the person who runs the program says.
        """,
      example: .files([
        (
          "holdout.yaml",
          """
          connections:
            shop: {driver: «./libadbc_driver_snowflake.so», uri: "reader@account/shop"}

          """
        )
      ]),
      mend: """
        Write the driver's name. Put its file into a folder of the system, or name it in the \
        environment: `HOLDOUT_DRIVER_SNOWFLAKE=/opt/adbc/libadbc_driver_snowflake.so`.
        """),
    Explanation(
      711, "a holdout.yaml of another user",
      cause: """
        holdout.yaml decides which databases and folders a command reads and where it writes. One that \
        belongs to neither you nor root may be changed by somebody else, for instance in `/tmp`. It \
        is refused as git refuses another user's repository.
        """,
      example: .commands("chown 12345 holdout.yaml && holdout check --offline spec.yaml"),
      mend: """
        If you trust its owner, set `HOLDOUT_SAFE_DIRECTORY` to the project's folder (several with \
        `:` between them, `*` for all), or make the file your own with `chown`. Under `sudo` the \
        caller's files count as your own.
        """),
    Explanation(
      712, "an argument that is not UTF-8",
      cause: """
        Holdout writes paths into results and messages, which are UTF-8. An argument, or the path of \
        the working directory, holds bytes that are not; what is shown has a mark in their place.
        """,
      example: .commands(#"holdout check --offline $'spec\xff.yaml'"#),
      mend: "Rename the file or the folder; `convmv` does it for many at once."),
    Explanation(
      713, "a file that would be replaced, and is not Holdout's",
      cause: """
        `--out` and `--markdown` replace what Holdout has written before: a Parquet file or a Markdown \
        page with its mark, or an empty file. Anything else may be a registry, a spec, or somebody's \
        table, and stays. A link, a device, or a pipe always stays.
        """,
      example: .commands("holdout panel spec.yaml --out data/calls.parquet"),
      mend: "Name another file. `--force` replaces a regular file, whatever it holds."),
    Explanation(
      730, "cache that is not used",
      cause: """
        Whoever writes an entry of the cache decides results. A cache is therefore used only where \
        your own commands have filled it: not where git tracks a file of it, so that it came with a \
        checkout; not where it belongs to another user; and not behind a link that leads out of the \
        project. The command goes on and makes everything again.
        """,
      example: .commands(
        "git init -q && mkdir -p .holdout/cache/entries && touch .holdout/cache/entries/ab "
          + "&& git add -f .holdout && holdout run spec.yaml"),
      mend: """
        Take the folder out of git (`git rm -r --cached .holdout`), remove it, or name a folder of \
        your own with `cache:` in holdout.yaml.
        """),
    Explanation(
      731, "size that cannot be read",
      cause: """
        `cache_size` in holdout.yaml is a number with a unit. Units are powers of 1,000.
        """,
      example: .files([("holdout.yaml", "cache_size: «20 gigabytes»\n")]),
      mend: "Write a size like `20GB`, `500MB` or `1.5TB`."),
  ]
}

// Settings that contradict each other or do nothing: H250 to H252, H263 and H264.
extension Explanation {
  static let settings: [Explanation] = [
    Explanation(
      250, "calibration without cutoffs",
      cause: """
        The calibration method is fitted on the calibrate cutoffs, and there are none. Fitted on \
        the train cutoffs instead, it would take the model's errors to be smaller than they are.
        """,
      example: .spec("cutoffs: {calibrate: «0»}"),
      mend: """
        Write at least 1 for `cutoffs.calibrate`. Where the history is too short for that, \
        `calibration: {fit: cross_fit}` fits it on out-of-fold margins of the train cutoffs, and \
        `calibration: {method: none}` keeps the learner's own probabilities.
        """),
    Explanation(
      251, "calibrate cutoffs that nothing uses",
      cause: """
        With `method: none` nothing is fitted on the calibrate cutoffs. They are only withheld \
        from train, which leaves the model fewer or older rows to learn from.
        """,
      example: .spec(
        """
        cutoffs: {calibrate: «2»}
        calibration: {method: none}
        """),
      mend: "Write `cutoffs: {calibrate: 0}`, or choose a calibration method."),
    Explanation(
      252, "segments that are not a chosen category",
      cause: """
        `evaluation.segments` and `score.rank_within` go by the levels of category features. A number has no \
        levels, and a feature that is not chosen is not in the panel.
        """,
      example: .spec("evaluation: {segments: [«size»]}"),
      mend: "Name a category feature that `features` chooses, or leave the name out."),
    Explanation(
      263, "not a range",
      cause: """
        A range has two ends, the lowest value first. With the ends exchanged no data could meet \
        it, and with one end the other is not known.
        """,
      example: .spec("sources: {customers: {expect: [«row_count_between»: [1000, 10]]}}"),
      mend: "Write the lowest and the highest value, in this order: `[10, 1000]`."),
    Explanation(
      264, "contract without a column",
      cause: "This contract is about the values of one column, and it does not say of which.",
      example: .spec("sources: {customers: {expect: [«between»: [0, 100]]}}"),
      mend: "Add `column: NAME` beside it."),
  ]
}
