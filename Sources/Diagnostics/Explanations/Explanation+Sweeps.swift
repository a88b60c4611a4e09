extension Explanation {
  static let sweeps: [Explanation] = [
    Explanation(
      253, "`label.event` where the label reads rows",
      cause: """
        `label.event` stands for the date column that the label reads, so that rules and features can \
        name it before it is known. A label that reads the rows of an event source has no such column.
        """,
      example: .spec(
        "label: {event: {source: calls}}\ncohort: {where: [{not: {happened: «label.event»}}]}"),
      mend: "Name a column, or write the rule in another way."),
    Explanation(
      254, "a placeholder that is not filled in",
      cause: """
        In `score.table` and `score.parquet` only `{name}` and, in a path, `{cutoff}` are filled in, \
        and in the sentences of reasons `{value}`. Anything else in braces would be taken as it stands.
        """,
      example: .spec("score: {parquet: \"scores/«{date}».parquet\"}"),
      mend: "Write one of the placeholders that the note lists."),
    Explanation(
      255, "a feature that nothing chooses",
      cause: """
        The spec's own file defines a feature or a whole set that `features` does not name. It is not \
        computed; often the set was meant to be chosen. Sets inherited from a base need not be.
        """,
      example: .spec("feature_sets: {«more»: [{moved: {days_since: history.moved}}]}"),
      mend: "Choose it under `features`, or remove it."),
    Explanation(
      260, "a sweep's path that leads to no key",
      cause: """
        The keys of `sweep` are paths of keys of the spec, such as `model.params.num_leaves`. A path \
        that leads nowhere would make runs that differ in name only.
        """,
      example: .spec("sweep: {«modle.seed»: [1, 2]}"),
      mend: "Write the path of a key of the spec; `name`, `extends` and `version` cannot be swept."),
    Explanation(
      261, "several experiments where one is wanted",
      cause: """
        A spec with a `sweep` describes one experiment per combination of values. `panel` writes the \
        panel of a single one.
        """,
      example: .files(
        [("spec.yaml", "extends: base.yaml\nsweep: {cutoffs.train: [3, 4]}\n")],
        "holdout panel spec.yaml --out panel.parquet"),
      mend:
        "Give the swept values as arguments: `cutoffs.train=3`. A value that is given is not swept."
    ),
    Explanation(
      265, "a sweep of too many runs",
      cause: """
        The number of combinations is the product of the lists' lengths, and grows quickly. More than \
        1,000 are taken for a mistake.
        """,
      example: .spec(
        """
        «sweep»:
          model.seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
          model.params.num_leaves: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
          model.params.max_depth: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
        """),
      mend: "Shorten the lists, or add `random: N` to draw N of the combinations."),
    Explanation(
      266, "two runs of a sweep with one name",
      cause: """
        Each run is named by its values, with characters that a folder cannot have replaced by `_`. Two \
        values that are the same, or look the same after that, would share one folder of results.
        """,
      example: .spec("«sweep»: {model.seed: [1, 2, 2]}"),
      mend: "Leave one of the values out."),
    Explanation(
      267, "fewer combinations than asked for",
      cause: """
        `random: N` draws N different combinations. Where the values allow fewer, all that were found \
        are run.
        """,
      example: .spec(
        "sweep: {random: «20», model.params.num_leaves: {from: 3, to: 5}}"),
      mend:
        "Ask for fewer, widen the range, or leave `random` out to run every combination of lists."),
    Explanation(
      268, "a range in a sweep that is not random",
      cause: """
        A list is tried value by value; from a range values are drawn, and `random` says how many runs \
        are made of them.
        """,
      example: .spec("sweep: {«model.params.learning_rate»: {from: 0.01, to: 0.3}}"),
      mend: "Add `random: N` beside it, or list the values."),
    Explanation(
      269, "a range without numbers",
      cause: """
        `from` is the lowest number and `to` the highest. On a log scale both must be above 0, as every \
        factor is as likely.
        """,
      example: .spec(
        "sweep: {random: 5, model.params.learning_rate: {from: «0», to: 0.3, scale: log}}"),
      mend: "Start below `to`, and above 0 on a log scale."),
    Explanation(
      270, "a placeholder that is none",
      cause: """
        In a connection `${env:NAME}` stands for the environment variable NAME. Other text that begins \
        with `${` would be passed on as it stands, usually by mistake.
        """,
      example: .files([
        ("holdout.yaml", "connections: {shop: {duckdb: \"«${HOME}»/shop.duckdb\"}}\n")
      ]),
      mend: "Write `${env:NAME}`."),
    Explanation(
      271, "an environment variable in a spec",
      cause: """
        A spec means the same on every machine, so that its result can be repeated and compared. Only \
        connections in holdout.yaml read the environment.
        """,
      example: .spec("description: Renewals of «${env:REGION}»"),
      mend: "Write the value, or give it as an argument: `key.key=value`."),
    Explanation(
      272, "two experiments of one name",
      cause: """
        Results go to `results/NAME`. Of two experiments with one name the later would overwrite the \
        earlier.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nname: renewals\n"),
          ("other.yaml", "extends: base.yaml\nname: «renewals»\ndescription: Another question\n"),
        ], "holdout check --offline spec.yaml other.yaml"),
      mend: "Give one of them another name."),
    Explanation(
      273, "more findings than are told",
      cause: """
        A spec in which so much is wrong is told about its first 100 findings only. Often many of them \
        have one cause, such as a file of another kind.
        """,
      example: .commands(
        "for i in $(seq 101); do echo \"key$i: 1\"; done >> spec.yaml\n" + Example.check),
      mend: "Mend those above first."),
    Explanation(
      427, "days between label windows",
      cause: """
        The horizon is shorter than the step from cutoff to cutoff, so that some days lie in no label \
        window: an event on such a day counts nowhere.
        """,
      example: .spec("label: {horizon: «10 days»}"),
      mend: "Lengthen the horizon or shorten the step, unless the gap is meant."),
    Explanation(
      704, "an environment variable that is not set",
      cause: """
        A connection of holdout.yaml names an environment variable, and a source is read through that \
        connection. A check with `--offline` opens no connection and needs no variable.
        """,
      example: .files(
        [("holdout.yaml", "connections: {shop: {duckdb: \"«${env:SHOP_DATA}»/shop.duckdb\"}}\n")],
        Example.checkWithData),
      mend: "Set the variable for the command, or write the value into holdout.yaml."),
    Explanation(
      705, "a project that is there already",
      cause: """
        `holdout init` makes new files and never changes one that is there.
        """,
      example: .commands("holdout init ."),
      mend: "Name another folder, or remove what the note lists."),
    Explanation(
      706, "a project that cannot be made",
      cause: "The files of the new project could not be written, or its data not made.",
      example: .commands("holdout init /proc/shop"),
      mend: "Name a folder that can be written, and check the free space."),
  ]
}
