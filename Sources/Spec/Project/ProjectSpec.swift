public import Diagnostics
public import Files
public import OrderedCollections

/// The project file, holdout.yaml: where data comes from, where results go, what runs have to meet.
public struct ProjectSpec: Sendable {
  /// By name, in the order written.
  public var connections: OrderedDictionary<String, ConnectionSpec>
  /// The folder of results, relative to the project folder.
  public var results: String
  /// The folder of the cache, relative to the project folder.
  public var cache: String
  /// The most bytes that the cache may take; nil: as the disk allows.
  public var cacheSize: Int?
  /// Folders outside the project that specs may read files of, absolute or relative to the project folder.
  public var roots: [Located<String>]
  /// The most seconds that a command may take; nil: any time.
  public var timeout: Double?
  /// The most bytes of memory that a command may take; nil: as much as the machine has.
  public var memory: Int?
  /// What runs have to meet of whose specs write nothing else; nil: the standard.
  public var gates: GatesSpec?
  /// Whose signatures the registry needs.
  public var registry: RegistrySpec
  /// The environment variables, of which connections may name some.
  public var environment: [String: String]

  public init(
    connections: OrderedDictionary<String, ConnectionSpec> = [:], results: String = "results",
    cache: String = ".holdout/cache", cacheSize: Int? = nil, roots: [Located<String>] = [],
    timeout: Double? = nil, memory: Int? = nil, gates: GatesSpec? = nil,
    registry: RegistrySpec = RegistrySpec(),
    environment: [String: String] = [:]
  ) {
    self.connections = connections
    self.results = results
    self.cache = cache
    self.cacheSize = cacheSize
    self.roots = roots
    self.timeout = timeout
    self.memory = memory
    self.gates = gates
    self.registry = registry
    self.environment = environment
  }

  /// The folders below which specs may have files read.
  /// - Parameter folder: the project's.
  public func readingRoots(folder: String) -> ReadingRoots {
    ReadingRoots(project: folder, declared: roots.map(\.value))
  }
}

/// A database that sources may name.
public struct ConnectionSpec: Sendable {
  public enum Target: Sendable {
    /// A DuckDB file, relative to the project folder; it is only read.
    case duckdb(EnvironmentText)
    /// Any other database, through its ADBC driver: `postgresql`, `sqlite`, or another name.
    case driver(Located<String>, uri: EnvironmentText)
  }

  public var name: Located<String>
  public var target: Target

  /// What is opened: the file's path, or what the driver connects to.
  public var address: EnvironmentText {
    switch target {
    case .duckdb(let path): path
    case .driver(_, let uri): uri
    }
  }

  public init(name: Located<String>, target: Target) {
    self.name = name
    self.target = target
  }
}
