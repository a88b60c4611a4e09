import ArgumentParser
import Diagnostics
import Spec

/// `holdout render`
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Print a spec with everything it extends and every default filled in.",
    discussion: """
      What is printed is a spec itself and means the same. With --origins every
      value says where it comes from: a file and line, an argument, or `default`.

        holdout render experiments/solidworks.yaml
        holdout render experiments/solidworks.yaml cutoffs.train=12 --origins
      """)

  @OptionGroup var arguments: SpecArguments
  @Flag(help: "Say behind each value where it was written.")
  var origins = false

  func run() throws {
    let file = try arguments.loadFile()
    guard let resolved = file.resolved, let text = file.resolvedText else { return }
    Terminal.printText(origins ? SpecOrigin.text(of: resolved) : text)
  }
}
