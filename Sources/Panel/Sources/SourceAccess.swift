internal import Diagnostics
internal import Files
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Checks every source of a spec before any file is opened or any query is run.
struct SourceAccess {
  let project: ProjectSpec
  let folder: String
  let engine: Engine

  /// Returns findings about files that may not be read, and about queries that do more than read.
  ///
  /// A query on a DuckDB file is checked again once the file is attached, because it may add
  /// macros.
  func findings(_ sources: some Sequence<SourceSpec>) throws(WarehouseError) -> [Finding] {
    let access = DataAccess(roots: project.readingRoots(folder: folder), engine: engine)
    var findings: [Finding] = []
    for source in sources {
      switch source.location {
      case .file(let files):
        for path in files.paths {
          let full = path.value.hasPrefix("/") ? path.value : "\(folder)/\(path.value)"
          if let refusal = access.refusal(full) {
            findings.append(.fileNotReadable(path.value, refusal, at: path.span))
          }
        }
      case .query(let query, let connection):
        if let connection, case .driver? = project.connections[connection.value]?.target {
          findings += [ForeignQuery(query).finding].compactMap(\.self)
        } else {
          findings += try SourceQuery(query).findings(
            EngineParser(engine: engine), .builtIn(engine), .builtIn(engine), access
          ).findings
        }
      case .table: continue
      }
    }
    return findings
  }
}

extension ProjectSpec {
  /// Returns the limits of an engine that runs SQL of specs.
  func confinement(folder: String) -> Engine.Confinement {
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }
    let databases = connections.values.compactMap { connection -> String? in
      guard case .duckdb(let address) = connection.target else { return nil }
      // If a variable is not set, the source that needs it reports that.
      return (try? address.resolved(environment)).map(absolute)
    }
    return Engine.Confinement(
      folders: readingRoots(folder: folder).folders + [folder, absolute(results), absolute(cache)],
      databases: databases, spillFolder: absolute(cache),
      memory: memory.map { max($0 / 5 * 3, 1 << 28) })
  }
}
