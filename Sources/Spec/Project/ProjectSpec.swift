public import Diagnostics
public import Files
internal import Foundation
public import OrderedCollections

/// The project file, holdout.yaml: where data comes from, where results go, and what runs must
/// meet.
public struct ProjectSpec: Sendable {
  /// The connections by name, in the order written.
  public var connections: OrderedDictionary<String, ConnectionSpec>
  /// The folder of results, relative to the project folder.
  public var results: String
  /// The folder of the cache, relative to the project folder.
  public var cache: String
  /// The maximum size of the cache in bytes; nil if it depends on the free disk space.
  public var cacheSize: Int?
  /// Folders outside the project from which specs may read files, absolute or relative to the
  /// project folder.
  public var roots: [Located<String>]
  /// The maximum time of a command in seconds; nil for no limit.
  public var timeout: Double?
  /// The maximum memory of a command in bytes; nil for no limit.
  public var memory: Int?
  /// The gates of runs whose specs do not set their own; nil for the defaults.
  public var gates: GatesSpec?
  /// The signatures that the registry requires.
  public var registry: RegistrySpec
  /// The environment variables that connections may use.
  public var environment: [String: String]
  /// Warnings about the file itself, such as keys with old names.
  public var warnings: [Finding] = []

  /// Creates a project.
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

  /// Returns the folders below which specs may read files.
  /// - Parameter folder: the project's folder.
  public func readingRoots(folder: String) -> ReadingRoots {
    ReadingRoots(project: folder, declared: roots.map(\.value))
  }
}

/// A database that sources may use.
public struct ConnectionSpec: Sendable {
  /// The kind of database, and its address.
  public enum Target: Sendable {
    /// A DuckDB file, relative to the project folder. Sources only read it.
    case duckdb(EnvironmentText)
    /// Any other database, through its ADBC driver: `postgresql`, `sqlite`, or another name.
    case driver(Located<String>, uri: EnvironmentText)
  }

  /// The name of the connection.
  public var name: Located<String>
  /// The kind of database, and its address.
  public var target: Target

  /// The address to open: the file's path, or the driver's URI.
  public var address: EnvironmentText {
    switch target {
    case .duckdb(let path): path
    case .driver(_, let uri): uri
    }
  }

  /// Creates a connection.
  public init(name: Located<String>, target: Target) {
    self.name = name
    self.target = target
  }
}

/// The signatures that the registry of promotions requires.
public struct RegistrySpec: Sendable {
  /// Files of Ed25519 public keys, relative to the project folder; empty if no signatures are
  /// required.
  public var publicKeys: [Located<String>]
  /// The number of the first record that must be signed.
  public var signedFrom: Int

  /// Creates the requirement.
  public init(publicKeys: [Located<String>] = [], signedFrom: Int = 1) {
    self.publicKeys = publicKeys
    self.signedFrom = signedFrom
  }
}

/// A time limit as people write it: `90s`, `15m`, `2h`, `1.5h`.
public struct TimeLimit: Equatable, Sendable {
  /// The limit in seconds.
  public let seconds: Double

  private static let units: [(name: Character, seconds: Double)] = [
    ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
  ]

  /// Parses a time limit; nil for any other text and for zero.
  public init?(_ text: String) {
    let text = text.lowercased().filter { $0 != " " }
    guard let unit = Self.units.first(where: { $0.name == text.last }),
      let number = Double(text.dropLast()), number > 0, number * unit.seconds < 1e9
    else { return nil }
    seconds = number * unit.seconds
  }

  /// Returns a time limit as text, in the largest unit of which it is a whole number.
  public static func text(_ seconds: Double) -> String {
    let unit = units.last {
      seconds >= $0.seconds && seconds.remainder(dividingBy: $0.seconds) == 0
    }
    guard let unit else { return "\(seconds)s" }
    return "\(Int(seconds / unit.seconds))\(unit.name)"
  }
}

/// A size as people write it: `20GB`, `512 MB`, `1.5TB`; units are powers of 1,000.
public struct ByteCount: Equatable, Sendable {
  /// The size in bytes.
  public let bytes: Int

  private static let units: [(name: String, bytes: Double)] = [
    ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1),
  ]

  /// Parses a size; nil for any other text.
  public init?(_ text: String) {
    let text = text.uppercased().filter { $0 != " " }
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }),
      let number = Double(text.dropLast(unit.name.count)), number >= 0,
      number * unit.bytes < 1e18
    else { return nil }
    bytes = Int(number * unit.bytes)
  }

  /// Returns a number of bytes as text.
  public static func text(_ bytes: Int) -> String {
    let unit = units.first { Double(bytes) >= $0.bytes } ?? ("B", 1)
    let number = (Double(bytes) / unit.bytes * 10).rounded() / 10
    return "\(number == number.rounded() ? String(Int(number)) : String(number)) \(unit.name)"
  }
}
