internal import Diagnostics
internal import Files
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Looks at every source of a spec before any file is opened or any query is run.
struct SourceAccess {
  let project: ProjectSpec
  let folder: String
  let engine: Engine

  /// Files that may not be read, and queries of the engine that do more than to read.
  ///
  /// A query with a DuckDB file is looked at again once the file is attached, as it may bring macros.
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
  /// What an engine that runs SQL of specs may touch and take.
  func confinement(folder: String) -> Engine.Confinement {
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }
    let databases = connections.values.compactMap { connection -> String? in
      guard case .duckdb(let address) = connection.target else { return nil }
      // Where a variable is not set, the source that needs it says so.
      return (try? address.resolved(environment)).map(absolute)
    }
    return Engine.Confinement(
      folders: readingRoots(folder: folder).folders + [folder, absolute(results), absolute(cache)],
      databases: databases, spillFolder: absolute(cache),
      memory: memory.map { max($0 / 5 * 3, 1 << 28) })
  }
}
