internal import ArgumentParser
internal import Diagnostics
internal import Experiment
internal import Operations
internal import Panel
internal import Promotion
internal import Runs
internal import Spec
internal import YAML

/// `holdout explain`
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain findings: cause, example, and fix.",
    discussion: """
      Takes the ids at the start of findings. Without ids, lists all of them.

        holdout explain H231
        holdout explain H231 H410
        holdout explain --markdown                     the page docs/findings.md
        holdout explain --markdown H2xx                the page docs/findings/H2xx.md
        holdout explain --json                         everything, for programs
      """)

  @Argument(help: "Ids of findings, such as H231.")
  var ids: [String] = []
  @Flag(help: "Print the index as Markdown, or the page of a range such as H2xx.")
  var markdown = false
  @Flag(help: "Print them as JSON, with the files and commands of the examples.")
  var json = false

  mutating func validate() throws {
    if markdown && json { throw ValidationError("--markdown and --json exclude each other") }
    if markdown, ids.count > 1 { throw ValidationError("--markdown prints one page") }
  }

  func run() throws {
    if markdown {
      guard let name = ids.first else {
        return Terminal.printText(ExplanationPage.index(Explanation.all))
      }
      guard let page = ExplanationPage.page(name, Explanation.all) else {
        let names = ExplanationPage.ranges.map(\.name).joined(separator: ", ")
        throw ValidationError("there is no page `\(name)`; pages: \(names)")
      }
      Terminal.printText(page)
      return
    }
    let explanations = try ids.map(Self.explanation)
    if json {
      Terminal.printText(
        try JSONDocument.text(explanations.isEmpty ? Explanation.all : explanations), as: .json)
    } else if explanations.isEmpty {
      Terminal.print(Explanation.all.map { "\($0.id)  \($0.title)" }.joined(separator: "\n"))
    } else {
      Terminal.print(explanations.map(\.text).joined(separator: "\n\n"))
    }
  }

  /// The explanation of an id given as `H231`, `h231` or `231`.
  private static func explanation(_ written: String) throws -> Explanation {
    let digits = written.uppercased().hasPrefix("H") ? written.dropFirst() : written[...]
    if let explanation = Explanation.all.first(where: { $0.id.number == Int(digits) }) {
      return explanation
    }
    let known = Explanation.all.map { $0.id.description }
    let near = Suggestion.closest(to: written, among: known).map { ", did you mean `\($0)`" } ?? ""
    throw ValidationError("there is no finding `\(written)`\(near); `holdout explain` lists them")
  }
}

/// `holdout schema`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema of specs, for editors.",
    discussion: """
      With the schema, an editor completes keys, shows their meaning, and underlines
      mistakes as you type. docs/editors.md shows the setup.

        holdout schema > holdout.schema.json
        holdout schema --project                       of holdout.yaml
      """)

  @Flag(help: "The schema of holdout.yaml instead.")
  var project = false
  @Flag(help: "The stricter schema of a spec composed of all its files, as `render` prints it.")
  var composed = false

  mutating func validate() throws {
    if project && composed { throw ValidationError("--project and --composed exclude each other") }
  }

  func run() {
    Terminal.printText(
      SpecSchema.json(project ? .project : composed ? .composed : .file), as: .json)
  }
}

/// `holdout render`
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Print a spec with everything it extends and every default filled in.",
    discussion: """
      The output is a spec with the same meaning. With --origins, every value says
      where it comes from: a file and line, an argument, or `default`.

        holdout render experiments/solidworks.yaml
        holdout render experiments/solidworks.yaml cutoffs.train=12 --origins
      """)

  @OptionGroup var arguments: SpecArguments
  @Flag(help: "Add to each value where it was written.")
  var origins = false

  func run() throws {
    let file = try arguments.loadFile()
    guard let resolved = file.resolved, let text = file.resolvedText else { return }
    Terminal.printText(origins ? SpecOrigin.text(of: resolved) : text)
  }
}

extension Explanation {
  /// Every finding about the command line. Each is declared in the file that raises it.
  static let command: [Explanation] = [
    holdoutFindings, initCommandFindings, limitArgumentsFindings, reportCommandFindings,
    sqlCommandFindings, specArgumentsFindings,
  ].flatMap(\.self)

  /// Every finding of the program, by number.
  static let all: [Explanation] =
    [yaml, spec, panel, runs, experiment, promotion, operations, command].flatMap(\.self)
    .sorted { $0.id < $1.id }
}
