internal import Diagnostics
public import Experiment
internal import Learning

extension Page {
  /// Whether both trainers grow the same trees for a spec.
  public init(_ report: TrainerReport) {
    let data = "\(report.rows.grouped) train rows, \(report.features.of("feature"))"
    switch report.outcome {
    case .unsupported(let need):
      self.init([
        .paragraph(
          "\(report.name): the panel trainer does not support `\(need.parameter)`, so the library "
            + "grows the trees (\(data))")
      ])
    case .compared(let trees, let seconds):
      self.init([
        .group([
          .paragraph(
            "\(report.name): "
              + (trees.isIdentical
                ? "both trainers grow the same model, byte for byte"
                : report.isSame
                  ? "both trainers grow the same trees" : "the trainers' trees differ")),
          .fields(
            [
              ("data", data),
              (
                "same splits",
                "\(trees.sameSplits.grouped) of \(max(trees.trees, trees.otherTrees).grouped) trees"
              ),
              (
                "leaf values",
                "largest difference \(NumberText.metric(trees.largestLeafDifference))"
              ),
              (
                "seconds",
                "library \(NumberText.metric(seconds.library)), panel trainer "
                  + "\(NumberText.metric(seconds.panel)), binning included"
              ),
            ]
              + (trees.first.map {
                [("first difference", "tree \($0.tree): \($0.difference.words)")]
              }
                ?? []),
            width: 18),
        ])
      ])
    }
  }
}

extension TreeComparison.Difference {
  /// The difference, for people; the library's tree is named first.
  var words: String {
    switch self {
    case .split(let index, let split, let other):
      "split \(index) is \(split.words) for the library and \(other.words) for the panel trainer"
        + (isTie ? ", a tie" : "")
    case .leaves(let count, let other):
      "\(count.grouped) leaves for the library and \(other.grouped) for the panel trainer"
    case .values: "the same splits, and leaf values that differ in their last digits"
    }
  }
}

extension TreeComparison.Split {
  fileprivate var words: String { "`\(feature)` at \(threshold) (gain \(gain))" }
}

/// A comparison of both trainers for programs.
public struct TrainerDocument: Encodable, Sendable {
  private enum Outcome: String, Encodable { case identical, same, different, unsupported }

  private struct Split: Encodable {
    let feature: String
    let threshold: String
    let gain: String

    init(_ split: TreeComparison.Split) {
      (feature, threshold, gain) = (split.feature, split.threshold, split.gain)
    }
  }

  private struct First: Encodable {
    let tree: Int
    let split: Int?
    let library: Split?
    let panel: Split?
    let isTie: Bool

    init(_ tree: Int, _ difference: TreeComparison.Difference) {
      self.tree = tree
      isTie = difference.isTie
      if case .split(let index, let split, let other) = difference {
        (self.split, library, panel) = (index, Split(split), Split(other))
      } else {
        (split, library, panel) = (nil, nil, nil)
      }
    }
  }

  private let name: String
  private let outcome: Outcome
  private let rows: Int
  private let features: Int
  private let parameter: String?
  private let trees: Int?
  private let sameSplits: Int?
  private let largestLeafDifference: Double?
  private let firstDifference: First?

  public init(_ report: TrainerReport) {
    (name, rows, features) = (report.name, report.rows, report.features)
    switch report.outcome {
    case .unsupported(let need):
      (outcome, parameter) = (.unsupported, need.parameter)
      (trees, sameSplits, largestLeafDifference, firstDifference) = (nil, nil, nil, nil)
    case .compared(let found, _):
      outcome = found.isIdentical ? .identical : report.isSame ? .same : .different
      parameter = nil
      (trees, sameSplits) = (found.trees, found.sameSplits)
      largestLeafDifference = found.largestLeafDifference
      firstDifference = found.first.map { First($0.tree, $0.difference) }
    }
  }
}
