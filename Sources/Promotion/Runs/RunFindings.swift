public import Diagnostics

// What a reference to a run may have wrong: H601 to H605.
extension Finding {
  static func unknownRun(_ reference: String, known: [String]) -> Finding {
    // A value that was given to `holdout run` has made an experiment of its own.
    let label = reference.contains("=") ? reference.split(separator: ".").last : nil
    let closest =
      label.flatMap { label in known.first { $0.contains("@") && $0.hasSuffix(label) } }
      ?? Suggestion.closest(to: reference, among: known)
    let shown = known.prefix(20).map { "`\($0)`" } + (known.count > 20 ? ["..."] : [])
    return Finding(
      601, "there is no run, experiment or folder `\(reference)`",
      notes: [
        known.isEmpty
          ? "there are no results yet" : "there are results of \(shown.joined(separator: ", "))"
      ],
      hints: [
        closest.map { "did you mean `\($0)`?" }
          ?? "name an experiment, a spec, a run id, a run's folder, `champion` or `git:REV:NAME`"
      ])
  }

  /// An experiment's spec is there, and no results of it are.
  static func notYetRun(_ name: String, _ path: String) -> Finding {
    Finding(
      601, "there are no results of `\(name)`", hints: ["run it: `holdout run \(path)`"])
  }

  static func ambiguousRun(_ reference: String, _ runs: [String]) -> Finding {
    Finding(
      602, "`\(reference)` begins the ids of \(runs.count) runs",
      notes: runs.prefix(10).map { "`\($0)`" }
        + (runs.count > 10 ? ["and \(runs.count - 10) more"] : []),
      hints: ["write more of the id, or the run's folder"])
  }

  static func otherVersion(_ path: String, _ name: String, sameVersion: String?) -> Finding {
    Finding(
      603, "the latest results of `\(name)` are of another version of `\(path)`",
      notes: sameVersion.map { ["run `\($0)` is of this version"] } ?? [],
      hints: [
        "run it again: `holdout run \(path)`",
        "or compare the results as they are: write `\(name)` instead of the spec",
      ])
  }

  static func severalRuns(_ reference: String, _ names: [String]) -> Finding {
    Finding(
      602, "`\(reference)` describes \(names.count) experiments, and one is compared with here",
      notes: ["they are " + names.prefix(5).map { "`\($0)`" }.joined(separator: ", ")],
      hints: ["name one of them"])
  }

  static func noGitResults(_ revision: String, _ path: String, _ reason: String) -> Finding {
    Finding(
      604, "git has no `\(path)` of revision `\(revision)`",
      notes: reason.isEmpty ? [] : ["git says: \(reason)"],
      hints: [
        "`git:REV:NAME` takes a revision that git knows, and an experiment whose results are "
          + "committed there"
      ])
  }

  static func malformedGitReference(_ reference: String) -> Finding {
    Finding(
      604, "`\(reference)` names no revision and experiment",
      hints: ["write `git:REV:NAME`, for instance `git:main:solidworks`"])
  }

  /// A name that no champion stands for.
  public static func noChampion(
    _ name: String,
    hints: [String] = ["promote a run with `holdout promote`, or name what to compare with"]
  ) -> Finding {
    Finding(605, "nothing has been promoted as `\(name)`", hints: hints)
  }

  static func namelessChampion() -> Finding {
    Finding(
      605, "`champion` alone is that of the other side's experiment, and both sides are champions",
      hints: ["write `champion:NAME`"])
  }
}
