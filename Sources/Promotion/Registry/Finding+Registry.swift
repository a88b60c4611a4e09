public import Diagnostics
internal import Experiment
internal import Files
internal import Foundation

// Findings about the registry and the files it refers to: H630 to H647.
extension Finding {
  static func damagedRegistry(_ path: String, line: Int, _ message: String) -> Finding {
    Finding(
      630, "`\(path)` was changed at line \(line): \(message)",
      hints: ["take the file back from git, or from a copy; it is only ever added to"])
  }

  static func tornRecord(_ path: String, line: Int) -> Finding {
    Finding(
      631, .warning,
      "`\(path)` ends in a record that was never finished, in line \(line); it is ignored",
      notes: ["a promotion was stopped while it wrote, so what it promoted is not in production"],
      hints: ["`holdout verify` or the next promotion cuts it off; then promote again"])
  }

  static func changedFile(
    _ path: String, _ reason: String, _ record: RegistryRecord?
  ) -> Finding {
    Finding(
      632, "`\(path)` is not the file that was promoted: \(reason)",
      notes: [
        record.map {
          "record \($0.sequence) of the registry: run `\($0.runId)`, \($0.at), \($0.by)"
        }
          ?? "the registry has no record of that name"
      ],
      hints: ["take the file and the registry back from git, or from a copy, in the same state"])
  }

  static func unfinishedPromotion(_ folder: String, _ record: RegistryRecord?) -> Finding {
    let run = record.map { "those of run `\($0.runId)`" } ?? "none, as nothing is promoted"
    return Finding(
      633, .warning,
      "the files of `\(folder)` were not all replaced when a promotion was stopped",
      notes: ["the files that belong there are \(run)"],
      hints: ["`holdout verify` or the next promotion completes it"])
  }

  static func stranger(_ path: String) -> Finding {
    Finding(
      634, .warning, "no record of the registry is of `\(path)`",
      hints: ["remove it, unless a record is missing: compare the registry with git's"])
  }

  static func untrustedRecord(_ path: String, line: Int, _ objection: String) -> Finding {
    Finding(
      635, "line \(line) of `\(path)` is not to be trusted: \(objection)",
      hints: [
        "`registry` in holdout.yaml says whose signatures count, and from which record on"
      ])
  }

  static func unreadableKey(
    _ path: String, _ half: KeyText.Half, at span: SourceSpan? = nil
  ) -> Finding {
    Finding(
      636, "the \(half.word) key `\(path)` cannot be read", at: span,
      hints: ["name a file that is there and that you may read"])
  }

  static func unusableKey(
    _ origin: String, _ half: KeyText.Half, at span: SourceSpan? = nil
  ) -> Finding {
    let command = half == .secret ? "genpkey -algorithm ed25519" : "pkey -pubout"
    return Finding(
      636, "\(origin) holds no \(half.word) Ed25519 key", at: span,
      hints: ["expected what `openssl \(command)` writes, or base64 of 32 bytes"])
  }

  static func unsignedPromotion(_ sequence: Int, _ objection: String) -> Finding {
    Finding(
      637, "record \(sequence) has to be signed with a key that the project trusts",
      notes: [objection, "nothing was changed"],
      hints: ["give the private key with `--key FILE` or in HOLDOUT_SIGNING_KEY"])
  }

  static func brokenRun(_ run: StoredRun, _ file: String, _ reason: String) -> Finding {
    Finding(
      638, "run `\(run.record.runId)` cannot be promoted: `\(file)` is not what its run wrote",
      notes: [reason, "the run's folder is `\(run.folder)`"],
      hints: ["run the spec again with `holdout run`, then promote that run"])
  }

  static func otherContents(_ runId: String, _ file: String) -> Finding {
    Finding(
      639, "run `\(runId)` was promoted before, with another `\(file)`",
      hints: [
        "the same spec, data and versions should give the same files; see how they differ before "
          + "anything else"
      ])
  }

  static func nothingPromoted(_ name: String, known: [String]) -> Finding {
    Finding(
      640, "nothing was ever promoted as `\(name)`",
      notes: known.isEmpty
        ? [] : ["the registry has \(known.map { "`\($0)`" }.joined(separator: ", "))"])
  }

  static func noSuchVersion(_ wanted: String, _ name: String, known: [String]) -> Finding {
    Finding(
      640, "run `\(wanted)` was never promoted as `\(name)`",
      notes: ["these were: \(known.map { "`\($0)`" }.joined(separator: ", "))"])
  }

  static func nothingBefore(_ record: RegistryRecord) -> Finding {
    Finding(
      640, "there was no champion of `\(record.name)` before run `\(record.runId)`",
      hints: [
        "`holdout history \(record.name)` shows what was promoted; `--to RUN_ID` takes any of it"
      ])
  }

  static func lockedRegistry(_ path: String, seconds: Int) -> Finding {
    Finding(
      642, "another process has been at work on `\(path)` for more than \(seconds) s",
      notes: ["nothing was changed"], hints: ["wait for it to end, then try again"])
  }

  static func outOfOrder(_ record: RegistryRecord, after before: RegistryRecord) -> Finding {
    Finding(
      643, .warning,
      "record \(record.sequence) is dated \(record.at), before record \(before.sequence), which is dated "
        + "\(before.at)",
      notes: [
        "the order of records is that of their links: record \(record.sequence) is the later one"
      ],
      hints: ["check the clock of the machine that wrote each of them"])
  }

  static func impossibleClock(_ now: String) -> Finding {
    Finding(
      646, "the clock says \(now), which no record is dated",
      notes: [
        "records are dated from \(RegistryRecord.years.lowerBound) to "
          + "\(RegistryRecord.years.upperBound)",
        "nothing was changed",
      ],
      hints: ["set the machine's clock"])
  }

  /// - Parameter severity: a warning when the registry is only used, an error when it is verified.
  static func impossibleDate(
    _ record: RegistryRecord, _ path: String, line: Int, _ severity: Finding.Severity
  ) -> Finding {
    Finding(
      646, severity,
      "record \(record.sequence) in line \(line) of `\(path)` is dated `\(record.at)`, which is no "
        + "moment that Holdout writes",
      notes: ["`history --on` leaves it out"],
      hints: [
        "find out who wrote the record; if its change is right, roll back to its run, or promote it "
          + "again, for a record with a date"
      ])
  }

  static func otherHead(_ path: String, _ head: RegistryHead, actual: String?, count: Int)
    -> Finding
  {
    let records = count == 1 ? "1 record" : "\(count) records"
    let message =
      actual == nil
      ? "`\(path)` has \(records), and at least \(head.sequence) are expected"
      : "record \(head.sequence) of `\(path)` is not the one that is expected"
    return Finding(
      647, message,
      notes: ["expected \(head)"] + (actual.map { ["found \(head.sequence):\($0)"] } ?? []),
      hints: ["take the file back from git, or from a copy; records are never removed"])
  }

  static func unusableName(_ name: String) -> Finding {
    Finding(
      644, "`\(name)` cannot name a promoted model",
      hints: ["at most 200 letters, digits and `. _ - @ = , +`, with neither `.` nor `-` first"])
  }

  static func outwardLink(_ folder: String, _ target: String) -> Finding {
    Finding(
      645, "`\(folder)` leads out of the project, to `\(target)`",
      hints: ["put a folder in the place of the symbolic link"])
  }

  /// The reference has metrics, but no run whose model could be promoted.
  public static func onlyMetrics(_ reference: String) -> Finding {
    Finding(
      638, "`\(reference)` is not a run of this machine: only its metrics are there",
      hints: ["run the spec with `holdout run`, then promote that run"])
  }

  static func unreadableRegistry(_ path: String, _ error: FileError) -> Finding {
    Finding(
      630, "`\(path)` cannot be read: \(error.reason)",
      hints: ["check the file and its permissions"])
  }

  static func unwritable(_ path: String, _ error: FileError, notes: [String] = []) -> Finding {
    Finding(
      703, "`\(path)` cannot be written: \(error.reason)", notes: notes,
      hints: ["check its permissions and the free space"])
  }
}

extension KeyText.Half {
  var word: String { self == .secret ? "private" : "public" }
}

extension Explanation {
  /// Commands that change the year of the only record and update its hash.
  private static func redated(_ year: String) -> String {
    """
    record=$(sed -E 's/^.{10}(.*),"sha256":.*/\\1/; s/"at":"[0-9]{4}/"at":"\(year)/' results/registry.jsonl)
    hash=$(printf %s "$record" | sha256sum | cut -c 1-64)
    printf '{"record":%s,"sha256":"%s"}\\n' "$record" $hash > results/registry.jsonl

    """
  }

  static let registryFindings: [Explanation] = [
    Explanation(
      630, "a registry that was changed",
      cause: """
        `results/registry.jsonl` is only ever added to. Each of its lines holds the hash of its \
        record and that of the line before it, so that a record which was changed, removed or \
        moved is found, as are the marks of a merge. Nothing is loaded then, as nothing would be sure.
        """,
      example: .promotion(
        Example.promoted + """
          sed -i 's/"outcome":"pass/"outcome":"fail/' results/registry.jsonl
          holdout verify
          """),
      fix: """
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
      example: .promotion(
        Example.promoted + "truncate -s -30 results/registry.jsonl\nholdout history"),
      fix: "`holdout verify` cuts the rest of it off. Then promote the run again."),
    Explanation(
      632, "a promoted file that was changed",
      cause: """
        The registry holds the SHA-256 of every file that goes into production. This file has another \
        one, is gone, or has become a link. Scores that come from it would not be those that were \
        judged, so every load of that model ends here. The other way round, the registry may have \
        lost its last records.
        """,
      example: .promotion(
        Example.promoted + "echo >> models/renewals/model.txt\nholdout verify"),
      fix: """
        Take the file and the registry back from git, in the same state. A model is changed by \
        promoting another run, and by nothing else.
        """),
    Explanation(
      633, "a promotion that was stopped after its record",
      cause: """
        The record is written before the files below `models/NAME/` are replaced one by \
        one, and that was stopped half-way. Holdout itself loads the files in `versions/`, which are \
        whole; who takes the folder's own files could get some of each model.
        """,
      example: .promotion(
        Example.promoted + "rm models/renewals/model.txt\nholdout verify"),
      fix: "Nothing: `holdout verify` and the next promotion complete it, and say so."),
    Explanation(
      634, "a file that no record is of",
      cause: """
        Below `models/` stands a file or a version that the registry does not know. A \
        promotion that was stopped before its record leaves such a version; so does a registry that \
        lost its last records.
        """,
      example: .promotion(
        Example.promoted + "echo > models/renewals/notes.txt\nholdout verify"),
      fix: """
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
      example: .promotion(
        Example.promoted + """
          openssl genpkey -algorithm ed25519 -out key.pem
          openssl pkey -in key.pem -pubout -out key.pub.pem
          echo 'registry: {public_keys: [key.pub.pem]}' >> holdout.yaml
          holdout verify
          """),
      fix: """
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
      example: .promotion(
        "holdout rollback renewals --reason \"too many calls\" --key release.pem"),
      fix: """
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
      example: .promotion(
        Example.promoted + """
          openssl genpkey -algorithm ed25519 -out key.pem
          openssl pkey -in key.pem -pubout -out key.pub.pem
          echo 'registry: {public_keys: [key.pub.pem], signed_from: 2}' >> holdout.yaml
          holdout run spec.yaml name=renewals model.seed=7 &> run.log
          holdout promote renewals --override "a trial"
          """),
      fix: "Give the private key with `--key FILE`, or its text in HOLDOUT_SIGNING_KEY."),
    Explanation(
      638, "a run that cannot be promoted",
      cause: """
        A file that goes into production with the model is missing from the run's folder, or stands \
        there as a link; or only the run's metrics are on this machine, as in a fresh checkout.
        """,
      example: .promotion(
        Example.quietRun + "rm results/renewals/runs/*/calibrator.json\nholdout promote renewals"),
      fix: "Run the spec again on this machine: `holdout run` writes every file anew."),
    Explanation(
      639, "a run that was promoted before with other files",
      cause: """
        A run's id follows from its spec, its data and the versions, so the same id means the same \
        files. This run was promoted before, and a file in its folder differs now from what the \
        registry says it was, although the run's own record, `run.json`, agrees with it.
        """,
      example: .promotion(
        Example.promoted + """
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
      fix: """
        Compare the file with the one in `models/NAME/versions/`. To have the old version \
        in production again, use `holdout rollback NAME --to RUN_ID`.
        """),
    Explanation(
      640, "nothing there to go back to, or to tell of",
      cause: """
        The registry has no record of this name, no version with this id, or no champion before the \
        present one.
        """,
      example: .promotion(
        Example.promoted + "holdout rollback renewals --reason \"too many calls\""),
      fix: "`holdout history` shows every name and version that was ever promoted."),
    Explanation(
      642, "a registry that another process keeps",
      cause: """
        Changes of the registry go one after the other. Another process has been at it for longer \
        than `--wait` allows, which is a minute unless given: most likely it was stopped and not ended.
        """,
      example: .promotion(
        """
        mkdir results && exec 9> results/registry.jsonl && flock 9
        holdout rollback renewals --reason "too many calls" --wait 0
        """),
      fix: "Let the other process end, or end it; `fuser results/registry.jsonl` names it."),
    Explanation(
      643, "a record that is dated before the one that it follows",
      cause: """
        The clock of one of the machines that wrote the two records was wrong. Each record holds the \
        hash of the one before it, so their order is certain all the same, and nothing is refused. \
        `holdout history --on DATE` takes each record at its own date, which may be a wrong one.
        """,
      example: .promotion(
        Example.promoted + redated("2099")
          + """
          holdout run spec.yaml name=renewals model.seed=7 &> run.log
          holdout promote renewals --override "a trial"
          """),
      fix: "Set the clock of the machine that is wrong. The records stay as they are."),
    Explanation(
      644, "a name that cannot stand for a model",
      cause: """
        The name becomes a folder below `models/`, and may not lead out of it. It takes what \
        a spec's name takes.
        """,
      example: .promotion(Example.quietRun + "holdout promote renewals --as ../renewals"),
      fix: "Use letters, digits, `.`, `_` and `-`, and begin with a letter or a digit."),
    Explanation(
      645, "a folder of models that leads out of the project",
      cause: """
        A folder on the way to the promoted files is a symbolic link to a place outside the project. \
        What stands there is in no history of the project, and another project may write to it.
        """,
      example: .promotion(Example.quietRun + "ln -s / models\nholdout promote renewals"),
      fix: "Put a folder in the place of the link."),
    Explanation(
      646, "a date that no record has",
      cause: """
        A record is dated by the clock of the machine that writes it, to the second and in UTC. A clock \
        outside the years 1970 to 2199 writes none. A record that has such a date, or none, was not \
        written by this program: `holdout verify` refuses it, and `history --on` leaves it out. All else \
        goes by the order of records, and works on.
        """,
      example: .promotion(Example.promoted + redated("0001") + "holdout verify"),
      fix: """
        Set the machine's clock. Where the record is in the registry already, `git log -p \
        results/registry.jsonl` shows who wrote it.
        """),
    Explanation(
      647, "a registry without a record that it had",
      cause: """
        `--at-least N:SHA` names a record that was there before. The registry has fewer records, or \
        another one in that position: its last records were cut off, or replaced.
        """,
      example: .promotion(
        Example.promoted
          + "holdout verify --at-least 2:\(String(repeating: "0", count: 63))1"),
      fix: """
        Take the file back from git, or from a copy. `holdout verify` prints the number and the \
        SHA-256 of the last record, for the next time.
        """),
  ]
}
