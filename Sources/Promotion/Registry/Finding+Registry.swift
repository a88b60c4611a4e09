public import Diagnostics
internal import Files
internal import Foundation
internal import Runs

// Findings about the registry and the files it refers to: H630 to H647.
extension Finding {
  static func damagedRegistry(_ path: String, line: Int, _ message: String) -> Finding {
    Finding(
      630, "`\(path)` was changed at line \(line): \(message)",
      hints: ["restore the file from git or a copy; it is append-only"])
  }

  static func tornRecord(_ path: String, line: Int) -> Finding {
    Finding(
      631, .warning,
      "`\(path)` ends with an incomplete record in line \(line), which is ignored",
      notes: ["a promotion was interrupted while it wrote, so its model is not in production"],
      hints: ["`holdout verify` or the next promotion removes it; then promote again"])
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
      hints: ["restore the file and the registry from the same state in git or a copy"])
  }

  static func unfinishedPromotion(_ folder: String, _ record: RegistryRecord?) -> Finding {
    let run = record.map { "those of run `\($0.runId)`" } ?? "none, as nothing is promoted"
    return Finding(
      633, .warning,
      "a promotion was interrupted before it replaced all files of `\(folder)`",
      notes: ["the files that belong there are \(run)"],
      hints: ["`holdout verify` or the next promotion completes it"])
  }

  static func stranger(_ path: String) -> Finding {
    Finding(
      634, .warning, "the registry has no record of `\(path)`",
      hints: ["remove it, unless a record is missing: compare the registry with the one in git"])
  }

  static func untrustedRecord(_ path: String, line: Int, _ objection: String) -> Finding {
    Finding(
      635, "line \(line) of `\(path)` cannot be trusted: \(objection)",
      hints: [
        "`registry` in holdout.yaml lists the trusted keys, and the first record that must be "
          + "signed"
      ])
  }

  static func unreadableKey(
    _ path: String, _ half: KeyText.Half, at span: SourceSpan? = nil
  ) -> Finding {
    Finding(
      636, "the \(half.word) key `\(path)` cannot be read", at: span,
      hints: ["name an existing file that you can read"])
  }

  static func unusableKey(
    _ origin: String, _ half: KeyText.Half, at span: SourceSpan? = nil
  ) -> Finding {
    let command = half == .secret ? "genpkey -algorithm ed25519" : "pkey -pubout"
    return Finding(
      636, "\(origin) has no \(half.word) Ed25519 key", at: span,
      hints: ["expected what `openssl \(command)` writes, or base64 of 32 bytes"])
  }

  static func unsignedPromotion(_ sequence: Int, _ objection: String) -> Finding {
    Finding(
      637, "record \(sequence) must be signed with a key that the project trusts",
      notes: [objection, "nothing was changed"],
      hints: ["give the private key with `--key FILE` or in HOLDOUT_SIGNING_KEY"])
  }

  static func brokenRun(_ run: StoredRun, _ file: String, _ reason: String) -> Finding {
    Finding(
      638,
      "run `\(run.record.runId)` cannot be promoted: `\(file)` is not the file that the run wrote",
      notes: [reason, "the run's folder is `\(run.folder)`"],
      hints: ["run the spec again with `holdout run`, then promote that run"])
  }

  static func otherContents(_ runId: String, _ file: String) -> Finding {
    Finding(
      639, "run `\(runId)` was promoted before, with another `\(file)`",
      hints: [
        "the same spec, data, and versions should give the same files; first find out how they "
          + "differ"
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
        "`holdout history \(record.name)` lists the promoted runs; `--to RUN_ID` selects one of "
          + "them"
      ])
  }

  static func lockedRegistry(_ path: String, seconds: Int) -> Finding {
    Finding(
      642, "another process has locked `\(path)` for more than \(seconds) s",
      notes: ["nothing was changed"], hints: ["wait for it to end, then try again"])
  }

  static func outOfOrder(_ record: RegistryRecord, after before: RegistryRecord) -> Finding {
    Finding(
      643, .warning,
      "record \(record.sequence) is dated \(record.at), before record \(before.sequence), which is dated "
        + "\(before.at)",
      notes: [
        "the hash links give the order of records: record \(record.sequence) is the later one"
      ],
      hints: ["check the clocks of the machines that wrote them"])
  }

  static func impossibleClock(_ now: String) -> Finding {
    Finding(
      646, "the clock says \(now), which is not a valid date of a record",
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
      "record \(record.sequence) in line \(line) of `\(path)` is dated `\(record.at)`, which "
        + "Holdout never writes",
      notes: ["`history --on` leaves it out"],
      hints: [
        "find out who wrote the record; if its change is right, roll back to its run, or promote "
          + "the run again, for a record with a valid date"
      ])
  }

  static func otherHead(_ path: String, _ head: RegistryHead, actual: String?, count: Int)
    -> Finding
  {
    let records = count == 1 ? "1 record" : "\(count) records"
    let message =
      actual == nil
      ? "`\(path)` has \(records), but at least \(head.sequence) are expected"
      : "record \(head.sequence) of `\(path)` is not the expected one"
    return Finding(
      647, message,
      notes: ["expected \(head)"] + (actual.map { ["found \(head.sequence):\($0)"] } ?? []),
      hints: ["restore the file from git or a copy; records are never removed"])
  }

  static func unusableName(_ name: String) -> Finding {
    Finding(
      644, "`\(name)` cannot name a promoted model",
      hints: ["at most 200 letters, digits and `. _ - @ = , +`, with neither `.` nor `-` first"])
  }

  static func outwardLink(_ folder: String, _ target: String) -> Finding {
    Finding(
      645, "`\(folder)` leads outside the project, to `\(target)`",
      hints: ["replace the symbolic link with a folder"])
  }

  /// The reference has metrics, but no run whose model could be promoted.
  public static func onlyMetrics(_ reference: String) -> Finding {
    Finding(
      638, "`\(reference)` is not a run on this machine: only its metrics exist",
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
        `results/registry.jsonl` is append-only. Each line contains the hash of its record and of \
        the line before it, so changed, removed, or moved records are found, and so are merge \
        markers. No model is loaded then.
        """,
      example: .promotion(
        Example.promoted + """
          sed -i 's/"outcome":"pass/"outcome":"fail/' results/registry.jsonl
          holdout verify
          """),
      fix: """
        Restore the file from git or a copy: `git log -p results/registry.jsonl` shows who changed \
        it. After a merge, keep one side, and repeat the promotions of the other.
        """),
    Explanation(
      631, "an incomplete record",
      cause: """
        The registry's last line is cut off: a promotion was interrupted while it wrote, by a \
        crash or a full disk. Only a complete record counts, so this promotion has not happened, \
        and the previous model is still in production.
        """,
      example: .promotion(
        Example.promoted + "truncate -s -30 results/registry.jsonl\nholdout history"),
      fix: "`holdout verify` removes it. Then promote the run again."),
    Explanation(
      632, "a promoted file that was changed",
      cause: """
        The registry has the SHA-256 of every file in production. This file has another one, is \
        missing, or has become a link. Its scores would not be those that were evaluated, so the \
        model is not loaded. It is also possible that the registry has lost its last records.
        """,
      example: .promotion(
        Example.promoted + "echo >> models/renewals/model.txt\nholdout verify"),
      fix: """
        Restore the file and the registry from the same state in git. To change a model, promote \
        another run.
        """),
    Explanation(
      633, "a promotion that was interrupted after its record",
      cause: """
        The record is written before the files in `models/NAME/` are replaced one by one, and the \
        replacement was interrupted. Holdout itself loads the complete files in `versions/`. \
        Programs that read the folder's own files could get a mix of two models.
        """,
      example: .promotion(
        Example.promoted + "rm models/renewals/model.txt\nholdout verify"),
      fix: "Nothing: `holdout verify` or the next promotion completes it, and says so."),
    Explanation(
      634, "a file without a record",
      cause: """
        `models/` contains a file or a version that the registry does not have. A promotion that \
        was interrupted before its record leaves such a version, and so does a registry that lost \
        its last records.
        """,
      example: .promotion(
        Example.promoted + "echo > models/renewals/notes.txt\nholdout verify"),
      fix: """
        First check with `git log -p results/registry.jsonl` that no record is missing, then \
        remove it. To give a version its record, promote the run again.
        """),
    Explanation(
      635, "a record without a valid signature",
      cause: """
        `registry` in holdout.yaml lists the trusted keys. A record is not signed, is signed with \
        another key, or has a signature of other text. Somebody without a key may have written it.
        """,
      example: .promotion(
        Example.promoted + """
          openssl genpkey -algorithm ed25519 -out key.pem
          openssl pkey -in key.pem -pubout -out key.pub.pem
          echo 'registry: {public_keys: [key.pub.pem]}' >> holdout.yaml
          holdout verify
          """),
      fix: """
        Find out who wrote the record. If it is older than the project's first signature, set \
        `signed_from` to the number of the first signed record. If a key is missing, add its \
        public half.
        """),
    Explanation(
      636, "a key that cannot be used",
      cause: """
        The file does not exist, or it or HOLDOUT_SIGNING_KEY does not contain the right half of \
        an Ed25519 key: private to sign, public to check.
        """,
      example: .promotion(
        "holdout rollback renewals --reason \"too many calls\" --key release.pem"),
      fix: """
        Create a pair with `openssl genpkey -algorithm ed25519 -out key.pem` and `openssl pkey -in \
        key.pem -pubout -out key.pub.pem`. The public half goes into the project, the private one \
        never.
        """),
    Explanation(
      637, "a promotion that must be signed",
      cause: """
        holdout.yaml lists public keys, so every load would reject a record without a signature by \
        one of them. The record is not written.
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
        A file that goes into production with the model is missing from the run's folder or is a \
        link. Or only the run's metrics are on this machine, as in a fresh checkout.
        """,
      example: .promotion(
        Example.quietRun + "rm results/renewals/runs/*/calibrator.json\nholdout promote renewals"),
      fix: "Run the spec again on this machine: `holdout run` writes every file again."),
    Explanation(
      639, "a run that was promoted before with other files",
      cause: """
        A run's id follows from its spec, its data, and the versions, so the same id means the \
        same files. This run was promoted before, and a file in its folder now differs from the \
        registry, although the run's own `run.json` agrees with the file.
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
      640, "no such name, version, or earlier champion",
      cause: """
        The registry has no record of this name, no version with this id, or no champion before \
        the current one.
        """,
      example: .promotion(
        Example.promoted + "holdout rollback renewals --reason \"too many calls\""),
      fix: "`holdout history` shows every name and version that was ever promoted."),
    Explanation(
      642, "a registry that another process locks",
      cause: """
        The registry is changed by one process at a time. Another process has kept it locked for \
        longer than `--wait` allows, by default a minute. Most likely it was suspended and not \
        ended.
        """,
      example: .promotion(
        """
        mkdir results && exec 9> results/registry.jsonl && flock 9
        holdout rollback renewals --reason "too many calls" --wait 0
        """),
      fix: "Wait for the other process, or end it; `fuser results/registry.jsonl` names it."),
    Explanation(
      643, "a record that is dated before the previous one",
      cause: """
        The clock of one of the machines that wrote the two records was wrong. Each record \
        contains the hash of the previous one, so their order is still certain, and nothing is \
        rejected. `holdout history --on DATE` uses the date of each record, which may be wrong.
        """,
      example: .promotion(
        Example.promoted + redated("2099")
          + """
          holdout run spec.yaml name=renewals model.seed=7 &> run.log
          holdout promote renewals --override "a trial"
          """),
      fix: "Correct the clock of that machine. The records stay unchanged."),
    Explanation(
      644, "a name that cannot be used for a model",
      cause: """
        The name becomes a folder in `models/` and must stay inside it. It follows the rules for a \
        spec's name.
        """,
      example: .promotion(Example.quietRun + "holdout promote renewals --as ../renewals"),
      fix: "Use letters, digits, `.`, `_`, and `-`, and start with a letter or a digit."),
    Explanation(
      645, "a models folder that leads outside the project",
      cause: """
        A folder in the path of the promoted files is a symbolic link to a place outside the \
        project. Files there are not in the project's history, and another project may write to \
        them.
        """,
      example: .promotion(Example.quietRun + "ln -s / models\nholdout promote renewals"),
      fix: "Replace the link with a folder."),
    Explanation(
      646, "an invalid date of a record",
      cause: """
        A record is dated by the clock of the machine that writes it, to the second and in UTC. \
        With a clock outside the years 1970 to 2199, no record is written. A record with such a \
        date, or none, was not written by Holdout: `holdout verify` rejects it, and `history --on` \
        leaves it out. Everything else uses the order of records and still works.
        """,
      example: .promotion(Example.promoted + redated("0001") + "holdout verify"),
      fix: """
        Set the machine's clock. If the record is already in the registry, `git log -p \
        results/registry.jsonl` shows who wrote it.
        """),
    Explanation(
      647, "a registry that lost a record",
      cause: """
        `--at-least N:SHA` names a record that existed before. The registry has fewer records, or \
        another one in that position: its last records were removed or replaced.
        """,
      example: .promotion(
        Example.promoted
          + "holdout verify --at-least 2:\(String(repeating: "0", count: 63))1"),
      fix: """
        Restore the file from git or a copy. `holdout verify` prints the number and the SHA-256 of \
        the last record, for the next time.
        """),
  ]
}
