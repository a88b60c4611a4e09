public import Diagnostics
internal import Experiment
internal import Files
internal import Foundation

// Findings about the registry and the files it speaks of: H630 to H647.
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

  /// - Parameter severity: a warning where the registry is only used, an error where it is verified.
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

  /// What is named has metrics, and no run whose model could be promoted.
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
