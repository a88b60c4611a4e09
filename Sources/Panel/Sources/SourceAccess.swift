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

/// Checks that the time zones of a spec are known. The engine has the rules of all zones itself, so
/// days do not depend on the machine.
enum TimeZoneCheck {
  /// Returns a finding for each name that is not an IANA time zone.
  static func findings(
    _ spec: ExperimentSpec, _ engine: Engine
  ) throws(WarehouseError) -> [Finding] {
    let written = [spec.day.timeZone] + spec.sources.values.map(\.clock.writtenIn)
    let names = written.compactMap(\.self)
    guard !names.isEmpty else { return [] }
    // Names without a slash are abbreviations, whose meaning is ambiguous, or old names.
    let known = try engine.connection.texts("SELECT name FROM pg_timezone_names() ORDER BY name")
      .filter { ($0.contains("/") || $0 == "UTC") && !$0.hasPrefix("SystemV/") }
    return names.filter { !known.contains($0.value) }.map { .unknownTimeZone($0, known: known) }
  }

  /// Returns the zone that was meant: the same name in other case, the zone of a city, or the
  /// closest name.
  fileprivate static func closest(to name: String, among known: [String]) -> String? {
    let words = name.lowercased().replacing(" ", with: "_")
    return known.first { $0.lowercased() == words }
      ?? known.first { $0.lowercased().hasSuffix("/\(words)") }
      ?? Suggestion.closest(to: name, among: known)
  }
}

extension Finding {
  fileprivate static func unknownTimeZone(_ name: Located<String>, known: [String]) -> Finding {
    let isShort = !name.value.contains("/")
    return Finding(
      279, "there is no time zone `\(name.value)`", at: name.span,
      label: TimeZoneCheck.closest(to: name.value, among: known).map { "did you mean `\($0)`?" },
      notes: isShort
        ? ["abbreviations are not accepted: `CST` and `IST` are each the names of several zones"]
        : [],
      hints: ["write a name of the IANA time zone database, such as `America/New_York`, or `UTC`"])
  }
}

extension Explanation {
  static let timeZoneFindings: [Explanation] = [
    Explanation(
      279, "an unknown time zone",
      cause: """
        A `time_zone` is not a name of the IANA time zone database. Offsets such as `-05:00` and \
        abbreviations such as `EST` are not accepted: they have no daylight saving time, or are \
        the names of several zones.
        """,
      example: .spec("day: {time_zone: «New York»}", Example.checkWithData),
      fix: "Write the zone of a city, such as `America/New_York`, or `UTC`.")
  ]
}
