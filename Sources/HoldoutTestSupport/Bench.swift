internal import Diagnostics
package import Panel
package import Spec
package import Warehouse

/// An engine, a project folder with Parquet files, and specs that are only in memory.
package struct Bench: FolderOwner {
  package let temporary: TemporaryFolder
  package let engine: Engine
  package var folder: String { temporary.folder }

  package init(threads: Int = 1, folder: TemporaryFolder? = nil) throws {
    temporary = try folder ?? TemporaryFolder()
    engine = try NativeTestLibrary.engine(threads: threads)
  }

  /// Writes a query's rows to `NAME.parquet`.
  package func parquet(_ name: String, _ query: String) throws {
    try engine.writeParquet(query, to: path("\(name).parquet"))
  }

  /// Builds the panel of a spec.
  /// - Throws: `FindingsError`, from the spec or from the data.
  package func builder(
    _ yaml: String, purpose: PanelBuilder.Purpose = .experiment
  ) throws -> PanelBuilder {
    let loaded = Self.load(yaml)
    guard let spec = loaded.spec else { throw FindingsError(loaded.findings) }
    return try builder(spec, purpose: purpose)
  }

  package func builder(
    _ spec: ExperimentSpec, project: ProjectSpec = ProjectSpec(),
    alteration: DataAlteration = .none, purpose: PanelBuilder.Purpose = .experiment
  ) throws -> PanelBuilder {
    try PanelBuilder(
      spec, project: project, projectFolder: folder, engine: engine, alteration: alteration,
      purpose: purpose)
  }

  /// Reads a spec as it would be read from a file.
  /// - Parameter files: texts by path that it may extend.
  package static func load(_ yaml: String, beside files: [String: String] = [:]) -> LoadedSpecFile {
    let files = files.merging(["spec.yaml": yaml]) { $1 }
    return SpecLoader.load(path: "spec.yaml") { path in
      files[path].map { .success(SourceFile(name: path, text: $0)) }
        ?? .failure(FindingsError(Finding(101, "there is no file `\(path)`")))
    }
  }
}
