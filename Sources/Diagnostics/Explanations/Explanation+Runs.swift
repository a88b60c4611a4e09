// Runs that are not there or not whole, and runs that cannot be compared: H600 to H612 and H660 to H662.
extension Explanation {
  private static let run = "holdout run spec.yaml"

  static let runs: [Explanation] = [
    Explanation(
      600, "file of a run that cannot be read",
      cause: """
        A file in the folder of a run is missing, or is not what a run writes there. Without it \
        the run cannot be compared, judged or promoted.
        """,
      example: .commands(
        "\(run) && rm results/renewals/runs/*/run.json && holdout compare renewals renewals"),
      mend: """
        Run the spec again, and leave the files of runs as they are. A file that is cut off or \
        altered by hand is no longer a result.
        """),
    Explanation(
      601, "unknown run",
      cause: """
        A run is named by its experiment, its spec, its id or the beginning of it, its folder, \
        `champion`, or `git:REV:NAME`. There is nothing of this name in the results.
        """,
      example: .commands("\(run) && holdout compare renewals renewal"),
      mend: """
        Write one of the names that the note lists, or run the spec first. A path is relative to \
        the folder that you are in.
        """),
    Explanation(
      602, "name that stands for several runs",
      cause: """
        The ids of several runs begin with what was written, or a spec with a `sweep` describes \
        several experiments where one run is needed, as the base of a comparison.
        """,
      example: .commands(
        "\(run) && holdout run spec.yaml name=renewals model.seed=7 && holdout compare renewals 2025"
      ),
      mend: "Write more of the id, or the name of one of the experiments."),
    Explanation(
      603, "results of another version of the spec",
      cause: """
        A spec was named, and the latest results under its name were made of another text: the \
        spec has changed since, or it was run with overrides. Comparing them would judge what the \
        spec no longer says.
        """,
      example: .commands(
        "holdout run spec.yaml name=renewals model.seed=7 && holdout compare renewals spec.yaml"),
      mend: """
        Run the spec again. To compare the results as they are, name the experiment, or the run's \
        id, instead of the spec.
        """),
    Explanation(
      604, "results that git does not have",
      cause: """
        `git:REV:NAME` reads results/NAME/metrics.json and feature_importance.csv of another \
        revision with `git show`. There is no such revision or file there, or no repository.
        """,
      example: .commands("\(run) && holdout compare git:main:renewals renewals"),
      mend: """
        Write a branch, tag or commit that git knows, and an experiment whose metrics are committed \
        there. In CI, fetch the branch first: a shallow checkout has one commit.
        """),
    Explanation(
      605, "no champion",
      cause: """
        `champion` is what has been promoted under the name of the other side's experiment, \
        `champion:NAME` under NAME. Nothing has been.
        """,
      example: .commands("\(run) && holdout compare champion renewals"),
      mend: "Promote a run first, or compare with an experiment or a run instead."),
    Explanation(
      606, "runs that answer different questions",
      cause: """
        The runs differ in who is a positive (label, horizon, settling time), who is scored (cohort) \
        or when (test cutoffs). A difference in a metric would then come of the question as much \
        as of the model. Of results that are metrics only, the test cutoffs must have the same \
        rows, positives and buyers.
        """,
      example: .commands(
        "\(run) && holdout run spec.yaml name=longer label.horizon='2 months' "
          + "&& holdout compare renewals longer"),
      mend: """
        Give the specs the same question. With `--overlap` the runs are compared on the rows that \
        both have judged, by the base's labels, and the output says what was left out.
        """),
    Explanation(
      607, "runs that were judged on different rows",
      cause: """
        The runs answer the same question, but not about the same rows or with the same labels: \
        the data were loaded anew between them.
        """,
      example: .files(
        [
          (
            "change.sql",
            """
            ATTACH 'data/shop.duckdb' AS shop;
            DELETE FROM shop.customers WHERE size < 9;
            DETACH shop;

            """
          )
        ],
        "\(run) && holdout sql change.sql && holdout run spec.yaml name=later "
          + "&& holdout compare renewals later"),
      mend: """
        Run the older one again, on today's data. With `--overlap` they are compared on the rows \
        that both have judged.
        """),
    Explanation(
      608, "runs without a common test row",
      cause: """
        With `--overlap` runs are compared on the rows, an entity at a test cutoff, that all of \
        them have judged. There is none.
        """,
      example: .commands(
        "\(run) && holdout run spec.yaml name=earlier cutoffs.last=2025-05-31 "
          + "&& holdout compare renewals earlier --overlap"),
      mend:
        "Run one of the specs with the test cutoffs of the other, for instance by `cutoffs.last`."
    ),
    Explanation(
      609, "model that has seen the test cutoffs",
      cause: """
        A model without predictions of the rows at hand, such as a champion, is scored afresh on \
        them. It was trained or calibrated on labels of days after the first test cutoff, so that \
        it would be judged on what it has learned.
        """,
      example: .commands(
        "\(run) && cp -r results/renewals/runs/2* model && rm model/predictions.parquet "
          + "&& holdout run spec.yaml name=earlier cutoffs.last=2025-05-31 "
          + "&& holdout compare model earlier"),
      mend: "Compare on later test cutoffs, that the model's label windows do not reach."),
    Explanation(
      610, "metric that runs cannot be compared by",
      cause: """
        The metric is not among those of the runs: most often a top list that the spec does not \
        draw up.
        """,
      example: .commands(
        "\(run) && holdout compare renewals renewals --metric lift_at_77 --smallest-effect 0.1"),
      mend: """
        Write one of the metrics that the note lists, or add the list under `evaluation.top_k` or \
        `evaluation.top_percent` and run the specs again.
        """),
    Explanation(
      611, "probabilities of another label",
      cause: """
        With `--overlap` both runs are judged by the base's labels. The candidate's probabilities \
        are of an event within another window, and are not wrong for not fitting this one. Only its \
        ranking can be judged.
        """,
      example: .commands(
        "\(run) name=renewals cutoffs.last=2025-06-30 "
          + "&& holdout run spec.yaml name=longer label.horizon='2 months' "
          + "&& holdout compare renewals longer --overlap --metric log_loss --smallest-effect 0.001"
      ),
      mend: "Compare by a metric of the ranking: `roc_auc`, `pr_auc`, or a lift."),
    Explanation(
      612, "no results",
      cause: "The results folder holds no experiment's metrics, so that there is nothing to list.",
      example: .commands("holdout leaderboard"),
      mend: "Run a spec, or write the right folder for `results` in holdout.yaml."),
    Explanation(
      660, "file of a run that was changed",
      cause: """
        The run.json of a run has the SHA-256 of each of its files, and of itself. A file has another: \
        it was edited, or the disk or a copy damaged it. Its numbers could be wrong, so that nothing \
        is read from it.
        """,
      example: .commands(
        "\(run) && echo >> results/renewals/runs/2*/predictions.parquet && "
          + "holdout compare renewals renewals"),
      mend: """
        Run the spec again: `holdout run` notices the change and replaces the run. The files of a run \
        are never changed by hand.
        """),
    Explanation(
      661, "run without hashes of its files",
      cause: """
        `holdout gate` and `holdout promote` judge only runs whose files can be checked. This one was \
        made by a version of Holdout that kept no hashes, or they were taken out of its run.json.
        """,
      example: .commands(
        "\(run) && sed -i '/\"record_sha256\"/d; /\"files\" : {/,/},/d' "
          + "results/renewals/runs/2*/run.json && holdout gate spec.yaml"),
      mend: "Run the spec again."),
    Explanation(
      662, "metrics that are not those of the predictions",
      cause: """
        `holdout gate` and `holdout promote` measure the test rows of predictions.parquet again. The \
        metrics, or their intervals, are not those in metrics.json, although the hashes agree: \
        somebody has changed a file and its hash.
        """,
      example: .commands(
        """
        \(run) && cd results/renewals/runs/2* && \
        sed -i 's/"roc_auc" : 0.*[0-9]/"roc_auc" : 0.99/' metrics.json && \
        m=$(sha256sum < metrics.json | cut -c-64) && \
        sed -i 's/"metrics.json" : .*,/"metrics.json" : "'$m'",/' run.json && \
        s=$(grep -v record_sha256 run.json | sha256sum | cut -c-64) && \
        sed -i 's/record_sha256.*/record_sha256" : "'$s'",/' run.json && \
        cd ../../../.. && holdout gate spec.yaml
        """),
      mend: """
        Run the spec again. If the run came from elsewhere, find out who made it before it is \
        promoted.
        """),
  ]
}

// Gates: H620 to H629.
extension Explanation {
  static let gates: [Explanation] = [
    Explanation(
      620, "a gate on a metric that is not measured",
      cause: """
        A bound, or the metric that runs are compared by, is named as in `metrics.json`. Top lists are \
        measured at the sizes that `evaluation.top_k` and `evaluation.top_percent` name, and at no \
        others; a bound on what is not there could never be met nor missed.
        """,
      example: .spec("gates: {minimum: {«lift_at_20»: 3}}"),
      mend: """
        Take one of the names that the note lists, or add the size to `evaluation`: \
        `evaluation: {top_k: [20]}`.
        """),
    Explanation(
      621, "bounds that no run can meet",
      cause: """
        The minimum of a metric lies above its maximum, so every run would fail.
        """,
      example: .spec("gates: {minimum: {ece: 0.05}, maximum: {ece: «0.01»}}"),
      mend: """
        Raise the maximum or lower the minimum. Of an error such as `ece`, less is better: it needs a \
        maximum only.
        """),
    Explanation(
      622, "a metric that cannot decide which run is better",
      cause: """
        A calibration slope is right at 1 and a base rate belongs to the rows: neither more nor less \
        of them is better, so a difference between two runs says nothing.
        """,
      example: .spec("gates: {metric: «calibration_slope», smallest_effect: 0.05}"),
      mend: """
        Compare by a metric such as `roc_auc`, `pr_auc`, `log_loss` or `lift_at_50`, and keep \
        calibration within bounds: `minimum: {calibration_slope: 0.8}` and \
        `maximum: {calibration_slope: 1.25}`.
        """),
    Explanation(
      623, "a gate on metrics without their run",
      cause: """
        `results/NAME/metrics.json` is there, as in a fresh checkout, and the run that wrote it is not: \
        `results/NAME/runs/` is not in git. Its spec, its caveats and its audit are part of the run, \
        so nothing vouches for the numbers.
        """,
      example: .commands(
        "holdout run spec.yaml && rm -r results/renewals/runs && holdout gate spec.yaml"),
      mend: "Run the spec on this machine with `holdout run`, then gate it."),
    Explanation(
      624, "an audit of data that have changed since the run",
      cause: """
        A gate audits the spec of a run that is there already. The data that the audit would read are \
        not those that the run was made of: what it found would be about other numbers than those \
        that are to be promoted.
        """,
      example: Example(
        files: [
          Example.File(name: "spec.yaml", text: "extends: base.yaml\n"),
          Example.File(
            name: "fewer.sql",
            text: "COPY (SELECT * FROM 'data/calls.parquet' WHERE minutes > 1) "
              + "TO 'data/fewer.parquet' (FORMAT parquet);\n"),
        ], sql: "",
        command: "holdout run spec.yaml && holdout sql fewer.sql "
          + "&& mv data/fewer.parquet data/calls.parquet && holdout gate spec.yaml"),
      mend: """
        Run the spec again on the data of today. An audit is kept with its run, so that a gate asks \
        for it once.
        """),
  ]
}
