import Diagnostics
import Panel
import Spec
import Warehouse

/// An engine, a project folder with Parquet files, and specs that stand only in memory.
struct Bench {
  let folder: TemporaryFolder
  let engine: Engine

  init(threads: Int = 1, folder: TemporaryFolder? = nil) throws {
    self.folder = try folder ?? TemporaryFolder()
    engine = try Engine(Engine.Settings(threads: threads))
  }

  /// Writes a query's rows to `NAME.parquet`.
  func write(_ name: String, _ query: String) throws {
    try engine.writeParquet(query, to: "\(folder.path)/\(name).parquet")
  }

  /// Builds the panel of a spec.
  /// - Throws: `FindingsError`, from the spec or from the data.
  func builder(
    _ yaml: String, purpose: PanelBuilder.Purpose = .experiment
  ) throws -> PanelBuilder {
    let loaded = Self.load(yaml)
    guard let spec = loaded.spec else { throw FindingsError(loaded.findings) }
    return try builder(spec, purpose: purpose)
  }

  func builder(
    _ spec: ExperimentSpec, project: ProjectSpec = ProjectSpec(),
    alteration: DataAlteration = .none, purpose: PanelBuilder.Purpose = .experiment
  ) throws -> PanelBuilder {
    try PanelBuilder(
      spec, project: project, projectFolder: folder.path, engine: engine, alteration: alteration,
      purpose: purpose)
  }

  /// Reads a spec as it would be read from a file.
  static func load(_ yaml: String) -> LoadedSpecFile {
    SpecLoader.load(path: "spec.yaml") { path in
      path == "spec.yaml"
        ? .success(SourceFile(name: path, text: yaml))
        : .failure(FindingsError(Finding(101, "there is no file `\(path)`")))
    }
  }
}
