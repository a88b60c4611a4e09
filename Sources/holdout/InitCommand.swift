import ArgumentParser
import Diagnostics
import Experiment
import Files
import Foundation
import Spec
import Warehouse

/// `holdout init`
struct InitCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Create a small working project: data, a spec, and editor support.",
    discussion: """
      Writes holdout.yaml, a commented spec, a script that generates demonstration
      data, the data, the JSON Schema for editors, and a workflow for pull requests.
      Existing files are not changed.

        holdout init shop
        cd shop && holdout run experiments/first_order.yaml
      """)

  @Argument(help: "The folder; created if it does not exist.", completion: .directory)
  var folder: String
  @OptionGroup var output: OutputArguments

  func run() throws {
    let files = StarterProject.files + [("holdout.schema.json", SpecSchema.json(.file))]
    // A symbolic link in place of a folder would send the files elsewhere.
    let folders = ["data", "experiments", ".github", ".github/workflows"].filter {
      FileKind(at: "\(folder)/\($0)") == .link
    }
    let taken =
      folders
      + (files.map(\.path) + StarterProject.dataFiles).filter {
        FileKind(at: "\(folder)/\($0)") != nil
      }
    guard taken.isEmpty else { throw FindingsError(.inTheWay(taken, folder)) }
    let engine = try NativeLibraries.engine(threads: 1)
    do throws(FileError) {
      for (path, text) in files {
        let full = "\(folder)/\(path)"
        try Files.makeFolder(Files.parent(of: full))
        try Files.writeOutput(Data(text.utf8), to: full)
      }
    } catch {
      throw FindingsError(.cannotMake(folder, "\(error.path): \(error.reason)"))
    }
    do throws(WarehouseError) {
      let data = SQL.literal("\(folder)/data")
      try engine.connection.execute("SET VARIABLE folder = \(data)")
      for statement in SQLScript(StarterProject.data).statements {
        try engine.connection.execute(statement.sql)
      }
    } catch {
      throw FindingsError(.cannotMake(folder, error.message))
    }
    for (path, _) in files { Terminal.note("made \(folder)/\(path)") }
    Terminal.note("generated the data of \(StarterProject.dataPath) in \(folder)/data")
    Terminal.note(
      """

      next:
        cd \(folder)
        holdout check \(StarterProject.specPath)
        holdout plan \(StarterProject.specPath)
        holdout run \(StarterProject.specPath)
      """)
  }
}

// Findings about creating a project: H705 and H706.
extension Finding {
  fileprivate static func inTheWay(_ paths: [String], _ folder: String) -> Finding {
    Finding(
      705, "`\(folder)` already has a project",
      notes: ["already there: \(paths.joined(separator: ", "))"],
      hints: ["name another folder; nothing was changed"])
  }

  fileprivate static func cannotMake(_ folder: String, _ reason: String) -> Finding {
    Finding(
      706, "the project cannot be created in `\(folder)`: \(reason)",
      hints: ["check the folder's permissions and the free space"])
  }
}

extension Explanation {
  static let initCommandFindings: [Explanation] = [
    Explanation(
      705, "an existing project",
      cause: """
        `holdout init` writes new files and never changes existing ones.
        """,
      example: .commands("holdout init ."),
      fix: "Name another folder, or remove the files in the note."),
    Explanation(
      706, "a project that cannot be created",
      cause:
        "The files of the new project could not be written, or its data could not be generated.",
      example: .commands("holdout init /proc/shop"),
      fix: "Name a writable folder, and check the free space."),
  ]
}
