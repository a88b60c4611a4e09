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
    abstract: "Make a small working project: data, a spec, and what an editor needs.",
    discussion: """
      Writes holdout.yaml, a commented spec, a script that makes demonstration data,
      the data, the JSON Schema that editors check specs with, and a workflow for pull
      requests. Nothing that is already there is changed.

        holdout init shop
        cd shop && holdout run experiments/first_order.yaml
      """)

  @Argument(help: "The folder; made if it is not there.", completion: .directory)
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
    Terminal.note("made the data that \(StarterProject.dataPath) describes, in \(folder)/data")
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
      705, "`\(folder)` holds a project already",
      notes: ["already there: \(paths.joined(separator: ", "))"],
      hints: ["name another folder; nothing was changed"])
  }

  fileprivate static func cannotMake(_ folder: String, _ reason: String) -> Finding {
    Finding(
      706, "the project cannot be made in `\(folder)`: \(reason)",
      hints: ["check that the folder can be written, and the free space"])
  }
}

extension Explanation {
  static let initCommandFindings: [Explanation] = [
    Explanation(
      705, "a project that is there already",
      cause: """
        `holdout init` makes new files and never changes one that is there.
        """,
      example: .commands("holdout init ."),
      fix: "Name another folder, or remove what the note lists."),
    Explanation(
      706, "a project that cannot be made",
      cause: "The files of the new project could not be written, or its data not made.",
      example: .commands("holdout init /proc/shop"),
      fix: "Name a folder that can be written, and check the free space."),
  ]
}
