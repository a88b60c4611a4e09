public import Diagnostics
public import Files
internal import Foundation
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
  /// Warnings about the file itself, such as keys by their old names.
  public var warnings: [Finding] = []

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

/// Whose signatures the registry of promotions needs.
public struct RegistrySpec: Sendable {
  /// Files of Ed25519 public keys, relative to the project folder; empty where none are needed.
  public var publicKeys: [Located<String>]
  /// The number of the first record that has to be signed.
  public var signedFrom: Int

  public init(publicKeys: [Located<String>] = [], signedFrom: Int = 1) {
    self.publicKeys = publicKeys
    self.signedFrom = signedFrom
  }
}

/// A length of time as people write a limit: `90s`, `15m`, `2h`, `1.5h`.
public struct TimeLimit: Equatable, Sendable {
  public let seconds: Double

  private static let units: [(name: Character, seconds: Double)] = [
    ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
  ]

  /// nil for any other text, and for no time at all.
  public init?(_ text: String) {
    let text = text.lowercased().filter { $0 != " " }
    guard let unit = Self.units.first(where: { $0.name == text.last }),
      let number = Double(text.dropLast()), number > 0, number * unit.seconds < 1e9
    else { return nil }
    seconds = number * unit.seconds
  }

  /// A limit for people, in the largest unit that it has a whole number of.
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
  public let bytes: Int

  private static let units: [(name: String, bytes: Double)] = [
    ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1),
  ]

  /// nil for any other text.
  public init?(_ text: String) {
    let text = text.uppercased().filter { $0 != " " }
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }),
      let number = Double(text.dropLast(unit.name.count)), number >= 0,
      number * unit.bytes < 1e18
    else { return nil }
    bytes = Int(number * unit.bytes)
  }

  /// A number of bytes for people.
  public static func text(_ bytes: Int) -> String {
    let unit = units.first { Double(bytes) >= $0.bytes } ?? ("B", 1)
    let number = (Double(bytes) / unit.bytes * 10).rounded() / 10
    return "\(number == number.rounded() ? String(Int(number)) : String(number)) \(unit.name)"
  }
}
