internal import Diagnostics
internal import Experiment
internal import Operations
internal import Panel
internal import Promotion
internal import Spec
internal import YAML

extension Explanation {
  /// Every finding about the command line. Each is declared in the file that raises it.
  static let command: [Explanation] = [
    holdoutFindings, initCommandFindings, limitArgumentsFindings, sqlCommandFindings,
    specArgumentsFindings,
  ].flatMap(\.self)

  /// Every finding of the program, by number.
  static let all: [Explanation] =
    [yaml, spec, panel, experiment, promotion, operations, command].flatMap(\.self)
    .sorted { $0.id < $1.id }
}
