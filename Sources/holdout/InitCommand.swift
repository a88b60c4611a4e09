import ArgumentParser
import Diagnostics
import Experiment
import Files
import Foundation
import Panel
import Reports
internal import Runs
import Spec
import Warehouse

/// `holdout init`
struct InitCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Create a small working project, or a spec for your own files.",
    discussion: """
      Writes holdout.yaml, a commented spec, a script that generates demonstration
      data, the data, the JSON Schema for editors, and a workflow for pull requests.
      Existing files are not changed.

        holdout init shop
        cd shop && holdout run experiments/first_order.yaml

      With --from, it writes experiments/NAME.yaml in the present project instead: a
      spec with the sources that `holdout inspect` finds in the files, and comments
      on what is left to write.

        holdout init --from data/*.csv --name renewals
      """)

  @Argument(help: "The folder; created if it does not exist.", completion: .directory)
  var folder: String?
  @Option(
    name: .customLong("from"), parsing: .upToNextOption,
    help: ArgumentHelp("Files and globs to write a spec for.", valueName: "file"),
    completion: .file())
  var sources: [String] = []
  @Option(help: "With --from, the name of the spec. Default: that of the first file.")
  var name: String?
  @OptionGroup var output: OutputArguments

  func validate() throws {
    if sources.isEmpty {
      guard folder != nil else {
        throw ValidationError("name the folder of the new project, or your files with --from")
      }
      if name != nil { throw ValidationError("--name is for a spec that is made with --from") }
    } else if folder != nil {
      throw ValidationError(
        "--from writes a spec in the project of the working directory: leave out the folder")
    }
    if let name, name.wholeMatch(of: #/[A-Za-z0-9_][A-Za-z0-9._\-]{0,199}/#) == nil {
      throw ValidationError("--name takes letters, digits, `.`, `_` and `-`")
    }
  }

  func run() throws {
    if let folder { try makeProject(in: folder) } else { try makeSpec() }
  }

  /// Writes a spec for files.
  private func makeSpec() throws {
    let project = try SpecArguments.project()
    let taken = name.map { "\(project.folder)/experiments/\($0).yaml" }
    if let taken, FileKind(at: taken) != nil {
      throw FindingsError(.specInTheWay(Terminal.shown(taken)))
    }
    let inspection = try Inspection(
      of: sources, project, threads: ProcessInfo.processInfo.activeProcessorCount)
    let name = name ?? inspection.sources.first?.name ?? "experiment"
    let path = "\(project.folder)/experiments/\(name).yaml"
    let shown = Terminal.shown(path)
    guard FileKind(at: path) == nil else { throw FindingsError(.specInTheWay(shown)) }
    do throws(FileError) {
      try Files.makeFolder(Files.parent(of: path))
      try Files.writeOutput(Data(SpecDraft(inspection, name: name).text.utf8), to: path)
    } catch {
      throw FindingsError(.cannotMake(Files.parent(of: shown), "\(error.path): \(error.reason)"))
    }
    Terminal.note("made \(shown)")
    Terminal.note(
      """

      next:
        choose the class of each column, and write the rest of the spec
        holdout check \(shown)
      """)
  }

  private func makeProject(in folder: String) throws {
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

  fileprivate static func specInTheWay(_ path: String) -> Finding {
    Finding(
      705, "`\(path)` already exists", hints: ["choose another `--name`; nothing was changed"])
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
      705, "an existing project or spec",
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
