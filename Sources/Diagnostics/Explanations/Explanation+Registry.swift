extension Explanation {
  /// A project whose gates ask little, so that its run can be promoted.
  private static func promotion(_ commands: String, project: String = "") -> Example {
    .files(
      [
        (
          "holdout.yaml",
          ExampleProject.project + "gates: {audit: none, evidence: any, better_than: none}\n"
            + project
        ),
        ("spec.yaml", "extends: base.yaml\n"),
      ], commands)
  }

  private static let run = "holdout run spec.yaml &> run.log\n"
  private static let promoted = run + "holdout promote renewals --override \"a trial\" &> run.log\n"

  /// Commands that give the only record another year, and the hash that goes with it.
  private static func redated(_ year: String) -> String {
    """
    record=$(sed -E 's/^.{10}(.*),"sha256":.*/\\1/; s/"at":"[0-9]{4}/"at":"\(year)/' results/registry.jsonl)
    hash=$(printf %s "$record" | sha256sum | cut -c 1-64)
    printf '{"record":%s,"sha256":"%s"}\\n' "$record" $hash > results/registry.jsonl

    """
  }

  /// Findings about what is in production, and the latest run: H630 to H648.
  static let registry: [Explanation] = [
    Explanation(
      630, "a registry that was changed",
      cause: """
        `results/registry.jsonl` is only ever added to. Each of its lines holds the hash of its \
        record and that of the line before it, so that a record which was changed, removed or \
        moved is found, as are the marks of a merge. Nothing is loaded then, as nothing would be sure.
        """,
      example: promotion(
        promoted + """
          sed -i 's/"outcome":"pass/"outcome":"fail/' results/registry.jsonl
          holdout verify
          """),
      mend: """
        Take the file back from git, or from a copy: `git log -p results/registry.jsonl` shows who \
        changed it. After a merge keep one side, and promote again what the other one had.
        """),
    Explanation(
      631, "a record that was never finished",
      cause: """
        The registry's last line breaks off: a promotion was stopped while it wrote, by a crash or a \
        full disk. A record counts only when it is whole, so this promotion has not happened, and \
        what was in production before still is.
        """,
      example: promotion(
        promoted + "truncate -s -30 results/registry.jsonl\nholdout history"),
      mend: "`holdout verify` cuts the rest of it off. Then promote the run again."),
    Explanation(
      632, "a promoted file that was changed",
      cause: """
        The registry holds the SHA-256 of every file that goes into production. This file has another \
        one, is gone, or has become a link. Scores that come from it would not be those that were \
        judged, so every load of that model ends here. The other way round, the registry may have \
        lost its last records.
        """,
      example: promotion(
        promoted + "echo >> models/prospects/renewals/model.txt\nholdout verify"),
      mend: """
        Take the file and the registry back from git, in the same state. A model is changed by \
        promoting another run, and by nothing else.
        """),
    Explanation(
      633, "a promotion that was stopped after its record",
      cause: """
        The record is written before the files below `models/prospects/NAME/` are replaced one by \
        one, and that was stopped half-way. Holdout itself loads the files in `versions/`, which are \
        whole; who takes the folder's own files could get some of each model.
        """,
      example: promotion(
        promoted + "rm models/prospects/renewals/model.txt\nholdout verify"),
      mend: "Nothing: `holdout verify` and the next promotion complete it, and say so."),
    Explanation(
      634, "a file that no record is of",
      cause: """
        Below `models/prospects/` stands a file or a version that the registry does not know. A \
        promotion that was stopped before its record leaves such a version; so does a registry that \
        lost its last records.
        """,
      example: promotion(
        promoted + "echo > models/prospects/renewals/notes.txt\nholdout verify"),
      mend: """
        Remove it, after a look at `git log -p results/registry.jsonl`: no record should be missing. \
        Promoting the run again gives a version its record.
        """),
    Explanation(
      635, "a record that is not signed as it has to be",
      cause: """
        `registry` in holdout.yaml names the keys whose signatures count. A record is not signed, is \
        signed with another key, or its signature is of other words. Somebody without a key may have \
        written it.
        """,
      example: promotion(
        promoted + """
          openssl genpkey -algorithm ed25519 -out key.pem
          openssl pkey -in key.pem -pubout -out key.pub.pem
          echo 'registry: {public_keys: [key.pub.pem]}' >> holdout.yaml
          holdout verify
          """),
      mend: """
        Find out who wrote the record. If it was there before the project began to sign, set \
        `signed_from` to the number of the first record that is signed; if a key is missing, add its \
        public half.
        """),
    Explanation(
      636, "a key that cannot be used",
      cause: """
        The file does not exist, or what it or HOLDOUT_SIGNING_KEY holds is no Ed25519 key of the \
        half that is needed: private to sign, public to check.
        """,
      example: promotion(
        "holdout rollback renewals --reason \"too many calls\" --key release.pem"),
      mend: """
        Make a pair with `openssl genpkey -algorithm ed25519 -out key.pem` and `openssl pkey -in \
        key.pem -pubout -out key.pub.pem`. The public half goes into the project, the private one \
        never.
        """),
    Explanation(
      637, "a promotion that has to be signed",
      cause: """
        holdout.yaml names public keys, so that a record without a signature of one of them would be \
        refused by every load. It is not written in the first place.
        """,
      example: promotion(
        promoted + """
          openssl genpkey -algorithm ed25519 -out key.pem
          openssl pkey -in key.pem -pubout -out key.pub.pem
          echo 'registry: {public_keys: [key.pub.pem], signed_from: 2}' >> holdout.yaml
          holdout run spec.yaml name=renewals model.seed=7 &> run.log
          holdout promote renewals --override "a trial"
          """),
      mend: "Give the private key with `--key FILE`, or its text in HOLDOUT_SIGNING_KEY."),
    Explanation(
      638, "a run that cannot be promoted",
      cause: """
        A file that goes into production with the model is missing from the run's folder, or stands \
        there as a link; or only the run's metrics are on this machine, as in a fresh checkout.
        """,
      example: promotion(
        run + "rm results/renewals/runs/*/calibrator.json\nholdout promote renewals"),
      mend: "Run the spec again on this machine: `holdout run` writes every file anew."),
    Explanation(
      639, "a run that was promoted before with other files",
      cause: """
        A run's id follows from its spec, its data and the versions, so the same id means the same \
        files. This run was promoted before, and a file in its folder differs now from what the \
        registry says it was, although the run's own record, `run.json`, agrees with it.
        """,
      example: promotion(
        promoted + """
          first=$(cat results/renewals/runs/latest)
          holdout run spec.yaml name=renewals model.seed=7 &> run.log
          holdout promote renewals --override "a trial" &> run.log
          cd results/renewals/runs/$first
          written=$(sha256sum report.md | cut -c -64)
          echo >> report.md
          edited=$(sha256sum report.md | cut -c -64)
          sed -i "s/$written/$edited/" run.json
          seal=$(grep -v record_sha256 run.json | sha256sum | cut -c -64)
          sed -i -E "/record_sha256/s/[0-9a-f]{64}/$seal/" run.json
          cd ../../../..
          holdout promote $first --override "a trial"
          """),
      mend: """
        Compare the file with the one in `models/prospects/NAME/versions/`. To have the old version \
        in production again, use `holdout rollback NAME --to RUN_ID`.
        """),
    Explanation(
      640, "nothing there to go back to, or to tell of",
      cause: """
        The registry has no record of this name, no version with this id, or no champion before the \
        present one.
        """,
      example: promotion(promoted + "holdout rollback renewals --reason \"too many calls\""),
      mend: "`holdout history` shows every name and version that was ever promoted."),
    Explanation(
      642, "a registry that another process keeps",
      cause: """
        Changes of the registry go one after the other. Another process has been at it for longer \
        than `--wait` allows, which is a minute unless given: most likely it was stopped and not ended.
        """,
      example: promotion(
        """
        mkdir results && exec 9> results/registry.jsonl && flock 9
        holdout rollback renewals --reason "too many calls" --wait 0
        """),
      mend: "Let the other process end, or end it; `fuser results/registry.jsonl` names it."),
    Explanation(
      643, "a record that is dated before the one that it follows",
      cause: """
        The clock of one of the machines that wrote the two records was wrong. Each record holds the \
        hash of the one before it, so their order is certain all the same, and nothing is refused. \
        `holdout history --on DATE` takes each record at its own date, which may be a wrong one.
        """,
      example: promotion(
        promoted + redated("2099")
          + """
          holdout run spec.yaml name=renewals model.seed=7 &> run.log
          holdout promote renewals --override "a trial"
          """),
      mend: "Set the clock of the machine that is wrong. The records stay as they are."),
    Explanation(
      644, "a name that cannot stand for a model",
      cause: """
        The name becomes a folder below `models/prospects/`, and may not lead out of it. It takes what \
        a spec's name takes.
        """,
      example: promotion(run + "holdout promote renewals --as ../renewals"),
      mend: "Use letters, digits, `.`, `_` and `-`, and begin with a letter or a digit."),
    Explanation(
      645, "a folder of models that leads out of the project",
      cause: """
        A folder on the way to the promoted files is a symbolic link to a place outside the project. \
        What stands there is in no history of the project, and another project may write to it.
        """,
      example: promotion(run + "ln -s / models\nholdout promote renewals"),
      mend: "Put a folder in the place of the link."),
    Explanation(
      646, "a date that no record has",
      cause: """
        A record is dated by the clock of the machine that writes it, to the second and in UTC. A clock \
        outside the years 1970 to 2199 writes none. A record that has such a date, or none, was not \
        written by this program: `holdout verify` refuses it, and `history --on` leaves it out. All else \
        goes by the order of records, and works on.
        """,
      example: promotion(promoted + redated("0001") + "holdout verify"),
      mend: """
        Set the machine's clock. Where the record is in the registry already, `git log -p \
        results/registry.jsonl` shows who wrote it.
        """),
    Explanation(
      647, "a registry without a record that it had",
      cause: """
        `--at-least N:SHA` names a record that was there before. The registry has fewer records, or \
        another one in that position: its last records were cut off, or replaced.
        """,
      example: promotion(
        promoted
          + "holdout verify --at-least 2:\(String(repeating: "0", count: 63))1"),
      mend: """
        Take the file back from git, or from a copy. `holdout verify` prints the number and the \
        SHA-256 of the last record, for the next time.
        """),
    Explanation(
      648, "a `runs/latest` that does not name a run",
      cause: """
        `results/NAME/runs/latest` holds the name of a folder beside it, and nothing else. A path that \
        leads elsewhere, a link, or bytes that are no name are not followed.
        """,
      example: promotion(
        run + """
          echo ../../../elsewhere > results/renewals/runs/latest
          holdout promote renewals
          """),
      mend: "Run the spec again, which writes the file, or name a run by its id."),
  ]
}
