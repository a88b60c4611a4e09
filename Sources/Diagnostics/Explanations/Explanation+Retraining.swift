extension Explanation {
  private static let promoted = """
    holdout run spec.yaml &> run.log
    holdout promote renewals --override "a trial" &> run.log

    """

  /// A project whose gates ask little, and that has a champion.
  private static func champion(
    _ commands: String, _ spec: String = "", _ others: [(String, String)] = []
  ) -> Example {
    .files(
      [
        (
          "holdout.yaml",
          ExampleProject.project + "gates: {audit: none, evidence: any, better_than: none}\n"
        ),
        ("spec.yaml", "extends: base.yaml\n" + spec),
      ] + others, promoted + commands)
  }

  /// Retraining: H840 to H849.
  static let retraining: [Explanation] = [
    Explanation(
      840, "retraining without newer data",
      cause: """
        Retraining rolls the champion's recipe forward to what the data have since made known. How far \
        that is cannot be read off the data, and no clock is asked: a day without events may be a day \
        that has not been exported. Neither `--data-through` nor `experiments/NAME.yaml` names a day \
        after the champion's.
        """,
      example: champion("holdout retrain renewals"),
      mend: """
        Give the last day that the data have fully observed, `--data-through 2025-10-31`, or write it as \
        `data_through` into `experiments/NAME.yaml`, which has to be the champion's recipe in all else.
        """),
    Explanation(
      841, "labels that end before the day asked for",
      cause: """
        The source that the label is read from has a `data_through` of its own, which \
        `--data-through` does not change. The model would be retrained on less than was asked for.
        """,
      example: champion(
        "holdout retrain renewals --data-through 2025-10-31",
        "sources: {customers: {data_through: 2025-09-18}}\n"),
      mend: """
        Write the source's new day into `experiments/NAME.yaml` once its data are in, and retrain; or \
        give a `--data-through` that it reaches.
        """),
    Explanation(
      842, "a spec that is no longer the champion's",
      cause: """
        `experiments/NAME.yaml` was changed in more than its days since the champion was promoted. \
        Retraining goes on with the recipe that is in production; it does not bring a change of recipe \
        there unasked. The file's gates and its `retrain` count all the same.
        """,
      example: champion(
        "holdout retrain renewals --data-through 2025-09-18", "",
        [("experiments/renewals.yaml", "extends: ../base.yaml\ncutoffs: {train: 3}\n")]),
      mend: """
        To put the changed recipe into production, run it and promote the run. Else take the change back.
        """),
    Explanation(
      870, "incomplete data that are accepted without a reason",
      cause: """
        `accept` lets a run through although its data end before they are said to. Whoever reads its \
        results, or looks up in the registry why it was promoted, has to learn why that is as it should be.
        """,
      example: .spec("accept: {H417: «' '»}"),
      mend: """
        Write the reason: `accept: {H417: the shop was closed all summer}`, or take the key out and bring \
        the missing rows.
        """),
    Explanation(
      871, "a champion with values that its spec does not say",
      cause: """
        The champion was run with arguments such as `model.params.num_leaves=15`. With them \
        `experiments/NAME.yaml` is its recipe, and it is scored and retrained so; whoever reads the file \
        alone takes something else for what is in production.
        """,
      example: champion(
        """
        holdout run experiments/renewals.yaml model.params.num_iterations=6 &> run.log
        holdout promote renewals@num_iterations=6 --as renewals --override "a trial" &> run.log
        holdout retrain renewals --data-through 2025-09-18
        """, "", [("experiments/renewals.yaml", "extends: ../base.yaml\n")]),
      mend: """
        Write the values into `experiments/NAME.yaml`. What it is called, and the order of its keys, do not \
        matter.
        """),
  ]
}
