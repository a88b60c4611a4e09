import ArgumentParser
import Diagnostics
import Experiment
import Foundation
import Panel
import Reports
internal import Runs
import Spec
import Warehouse

/// `holdout inspect`
struct InspectCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Write the sources of a spec from files: types, keys, days, samples.",
    discussion: """
      Reads all rows of CSV, Parquet, or JSON files and prints a `sources:` block to
      paste into a spec. A column has a type only if every value does. Its comment
      has the share of nulls, the number of values, and examples or the range. The
      likely key and days are filled in. The class of a column is not: it says when
      the values became known, which no file does.

        holdout inspect data/*.csv
        holdout inspect data/customers.csv 'data/calls_*.parquet' > sources.yaml
        holdout inspect --connection crm accounts orders     tables of a database

      A glob in quotes is one source of many files. Given together, files show which
      keys refer to each other.
      """)

  @Argument(
    help: "Files and globs; with --connection, tables.", completion: .file())
  var sources: [String]
  @Option(help: "A connection of holdout.yaml whose tables to inspect.")
  var connection: String?
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let inspection = try Inspection(
      of: sources, connection: connection, machine.limits.project(), threads: machine.threads)
    Terminal.printText(SourcesBlock(inspection).text)
  }
}

extension Inspection {
  /// Inspects the files or tables that a command line names.
  /// - Parameter connection: the connection whose tables they are; nil for files.
  /// - Throws: `FindingsError` with every finding about what cannot be read.
  init(
    of arguments: [String], connection: String? = nil, _ project: Project, threads: Int
  ) throws {
    let targets = arguments.enumerated().map { index, argument in
      let file = SourceFile(name: "argument \(index + 1)", text: argument)
      let span = SourceSpan(file: file, range: 0..<file.bytes.count)
      guard let connection else {
        return InspectionTarget(
          file: Located(Self.path(of: argument, in: project.folder), at: span))
      }
      let option = SourceFile(name: "--connection", text: connection)
      return InspectionTarget(
        table: Located(argument, at: span),
        connection: Located(
          connection, at: SourceSpan(file: option, range: 0..<option.bytes.count)))
    }
    let engine = try NativeLibraries.engine(threads: threads)
    let inspector = try SourceInspector(
      project: project.spec, projectFolder: project.folder, engine: engine)
    self = try inspector.inspect(targets) { Terminal.note("reading \($0)") }
  }

  /// Returns a path relative to the project folder if it is in it, as a spec would name it.
  private static func path(of argument: String, in folder: String) -> String {
    let current = FileManager.default.currentDirectoryPath
    let full = argument.hasPrefix("/") ? argument : "\(current)/\(argument)"
    var parts: [Substring] = []
    for part in full.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let path = "/" + parts.joined(separator: "/")
    let start = folder.hasSuffix("/") ? folder : "\(folder)/"
    return path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path
  }
}
