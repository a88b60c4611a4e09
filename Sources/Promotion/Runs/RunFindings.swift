public import Diagnostics

// Findings about references to runs: H601 to H605.
extension Finding {
  static func unknownRun(_ reference: String, known: [String]) -> Finding {
    // A value given to `holdout run` has created an experiment of its own.
    let label = reference.contains("=") ? reference.split(separator: ".").last : nil
    let closest =
      label.flatMap { label in known.first { $0.contains("@") && $0.hasSuffix(label) } }
      ?? Suggestion.closest(to: reference, among: known)
    let shown = known.prefix(20).map { "`\($0)`" } + (known.count > 20 ? ["..."] : [])
    return Finding(
      601, "there is no run, experiment, or folder `\(reference)`",
      notes: [
        known.isEmpty
          ? "there are no results yet" : "there are results of \(shown.joined(separator: ", "))"
      ],
      hints: [
        closest.map { "did you mean `\($0)`?" }
          ?? "name an experiment, a spec, a run id, a run's folder, `champion`, or `git:REV:NAME`"
      ])
  }

  static func unknownRun(_ id: String, of name: String, known: [String]) -> Finding {
    let shown = known.suffix(10).map { "`\($0)`" }
    let others = known.count - shown.count
    return Finding(
      601, "there is no run `\(id)` of `\(name)`",
      notes: [
        known.isEmpty
          ? "there are no runs of it on this machine"
          : "there are \(shown.inWords("and"))"
            + (others > 0 ? ", and \(others.grouped) older ones" : "")
      ],
      hints: ["write at least four characters of an id, or leave it out for the latest run"])
  }

  /// An experiment has a spec but no results.
  static func notYetRun(_ name: String, _ path: String) -> Finding {
    Finding(
      601, "there are no results of `\(name)`", hints: ["run it: `holdout run \(path)`"])
  }

  static func ambiguousRun(_ reference: String, _ runs: [String]) -> Finding {
    Finding(
      602, "the ids of \(runs.count) runs start with `\(reference)`",
      notes: runs.prefix(10).map { "`\($0)`" }
        + (runs.count > 10 ? ["and \(runs.count - 10) more"] : []),
      hints: ["write more of the id, or the run's folder"])
  }

  static func otherVersion(_ path: String, _ name: String, sameVersion: String?) -> Finding {
    Finding(
      603, "the latest results of `\(name)` are from another version of `\(path)`",
      notes: sameVersion.map { ["run `\($0)` is from this version"] } ?? [],
      hints: [
        "run it again: `holdout run \(path)`",
        "or compare the results as they are: write `\(name)` instead of the spec",
      ])
  }

  static func severalRuns(_ reference: String, _ names: [String]) -> Finding {
    Finding(
      602, "`\(reference)` describes \(names.count) experiments, but only one can be the base",
      notes: ["they are " + names.prefix(5).map { "`\($0)`" }.joined(separator: ", ")],
      hints: ["name one of them"])
  }

  static func noGitResults(_ revision: String, _ path: String, _ reason: String) -> Finding {
    Finding(
      604, "git has no `\(path)` at revision `\(revision)`",
      notes: reason.isEmpty ? [] : ["git says: \(reason)"],
      hints: [
        "`git:REV:NAME` takes a revision that git knows, and an experiment whose results are "
          + "committed there"
      ])
  }

  static func malformedGitReference(_ reference: String) -> Finding {
    Finding(
      604, "`\(reference)` does not name a revision and an experiment",
      hints: ["write `git:REV:NAME`, for example `git:main:solidworks`"])
  }

  /// No champion has this name.
  public static func noChampion(
    _ name: String,
    hints: [String] = ["promote a run with `holdout promote`, or name what to compare with"]
  ) -> Finding {
    Finding(605, "nothing has been promoted as `\(name)`", hints: hints)
  }

  static func namelessChampion() -> Finding {
    Finding(
      605,
      "`champion` alone means that of the other side's experiment, but both sides are champions",
      hints: ["write `champion:NAME`"])
  }
}

extension Explanation {
  static let runFindings: [Explanation] = [
    Explanation(
      601, "unknown run",
      cause: """
        A run is named by its experiment, its spec, its id or the start of its id, its folder, \
        `champion`, or `git:REV:NAME`. The results have nothing with this name.
        """,
      example: .commands("\(Example.run) && holdout compare renewals renewal"),
      fix: """
        Write one of the names in the note, or run the spec first. A path is relative to the \
        folder that you are in.
        """),
    Explanation(
      602, "name that matches several runs",
      cause: """
        The ids of several runs start with this text, or a spec with a `sweep` describes several \
        experiments and one run is needed, as the base of a comparison.
        """,
      example: .commands(
        "\(Example.run) && holdout run spec.yaml name=renewals model.seed=7 && holdout compare renewals 2025"
      ),
      fix: "Write more of the id, or the name of one of the experiments."),
    Explanation(
      603, "results of another version of the spec",
      cause: """
        The latest results under the spec's name are from another version: the spec has changed \
        since, or it was run with overrides. Comparing them would evaluate a different spec.
        """,
      example: .commands(
        "holdout run spec.yaml name=renewals model.seed=7 && holdout compare renewals spec.yaml"),
      fix: """
        Run the spec again. To compare the results as they are, name the experiment, or the run's \
        id, instead of the spec.
        """),
    Explanation(
      604, "results that git does not have",
      cause: """
        `git:REV:NAME` reads results/NAME/metrics.json and feature_importance.csv of another \
        revision with `git show`. There is no such revision or file there, or no repository.
        """,
      example: .commands("\(Example.run) && holdout compare git:main:renewals renewals"),
      fix: """
        Write a branch, tag or commit that git knows, and an experiment whose metrics are committed \
        there. In CI, fetch the branch first: a shallow checkout has one commit.
        """),
    Explanation(
      605, "no champion",
      cause: """
        `champion` means the run promoted under the name of the other side's experiment, \
        `champion:NAME` the run promoted under NAME. There is none.
        """,
      example: .commands("\(Example.run) && holdout compare champion renewals"),
      fix: "Promote a run first, or compare with an experiment or a run instead."),
  ]
}
