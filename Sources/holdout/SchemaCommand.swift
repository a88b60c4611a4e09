import ArgumentParser
import Diagnostics
import Spec

/// `holdout schema`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema of specs, for editors.",
    discussion: """
      An editor that knows the schema completes keys, shows what they mean and
      underlines mistakes as they are typed. docs/editors.md says how to set one up.

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
