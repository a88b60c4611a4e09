public import Diagnostics
public import OrderedCollections

/// The project file, holdout.yaml: where data comes from and where results go.
public struct ProjectSpec: Sendable {
  /// By name, in the order written.
  public var connections: OrderedDictionary<String, ConnectionSpec>
  /// The folder of results, relative to the project folder.
  public var results: String

  public init(
    connections: OrderedDictionary<String, ConnectionSpec> = [:], results: String = "results"
  ) {
    self.connections = connections
    self.results = results
  }
}

/// A database that sources may name.
public struct ConnectionSpec: Sendable {
  public enum Target: Sendable {
    /// A DuckDB file, relative to the project folder; opened read-only.
    case duckdb(Located<String>)
    /// Any other database, through its ADBC driver: `postgresql`, `sqlite`, or a driver's path.
    case driver(Located<String>, uri: Located<String>)
  }

  public var name: Located<String>
  public var target: Target

  public init(name: Located<String>, target: Target) {
    self.name = name
    self.target = target
  }
}
