public import Diagnostics
import OrderedCollections
import YAML

/// Loads a project file, holdout.yaml.
public enum ProjectLoader {
  /// Loads a project file.
  /// - Parameters:
  ///   - path: the file's path, which is also its name in findings.
  ///   - environment: the variables that connections may use.
  ///   - reader: reads a text by its path.
  /// - Throws: `FindingsError` with everything that is wrong with the file.
  public static func load(
    path: String, environment: [String: String] = [:],
    reader: SpecReader = SpecLoader.file
  ) throws(FindingsError) -> ProjectSpec {
    let file = try reader(path).get()
    var findings: [Finding] = []
    let parsed = YAMLParser.parse(file, findings: &findings)
    try findings.throwIfErrors()
    guard let written = parsed else { throw FindingsError(findings) }
    var former = FormerKeys()
    let node = former.replaced(in: written, as: .map(.project))
    try former.findings.throwIfErrors()
    var checker = FormChecker()
    checker.check(node, as: .map(.project), subject: "", anchor: file.start)
    try checker.findings.throwIfErrors()
    let fields = Fields(DefaultFiller.filled(node, as: .map(.project)))
    var connections: OrderedDictionary<String, ConnectionSpec> = [:]
    for entry in fields?["connections"]?.mapping?.entries ?? [] {
      if reservedConnections.contains(entry.key.value.lowercased()) {
        findings.append(.reservedConnection(entry.key))
      }
      guard let connection = connection(entry.key, Fields(entry.value), &findings) else { continue }
      connections[entry.key.value] = connection
    }
    for node in [fields?["results"], fields?["cache"], fields?["roots"]].compactMap(\.self)
      + drivers(fields)
    {
      findings += EnvironmentUse.findings(in: node)
    }
    var decoder = GatesDecoder(metrics: nil, segments: nil, baselines: nil)
    let gates = decoder.gates(in: fields)
    findings += decoder.findings
    let cacheSize = size(fields?.text("cache_size"), &findings)
    let timeout = timeout(fields?.text("timeout"), &findings)
    let memory = memory(fields?.text("memory"), &findings)
    try findings.throwIfErrors()
    var project = ProjectSpec(
      connections: connections, results: fields?.text("results")?.value ?? "results",
      cache: fields?.text("cache")?.value ?? ".holdout/cache", cacheSize: cacheSize,
      roots: fields?.texts("roots") ?? [], timeout: timeout, memory: memory,
      gates: gates, registry: registry(fields?.fields("registry")), environment: environment)
    project.warnings = former.findings
    return project
  }

  private static func size(_ text: Located<String>?, _ findings: inout [Finding]) -> Int? {
    guard let text else { return nil }
    guard let size = ByteCount(text.value) else {
      findings.append(.notASize(text))
      return nil
    }
    return size.bytes
  }

  private static func timeout(
    _ text: Located<String>?, _ findings: inout [Finding]
  ) -> Double? {
    guard let text else { return nil }
    guard let limit = TimeLimit(text.value) else {
      findings.append(
        .notALimit(text, "write a number and a unit, like `30m`; units are s, m, h, d"))
      return nil
    }
    return limit.seconds
  }

  private static func memory(_ text: Located<String>?, _ findings: inout [Finding]) -> Int? {
    guard let text else { return nil }
    guard let size = ByteCount(text.value), size.bytes > 0 else {
      findings.append(
        .notALimit(text, "write a number and a unit, like `8GB`; units are B, KB, MB, GB, TB"))
      return nil
    }
    return size.bytes
  }

  private static func registry(_ fields: Fields?) -> RegistrySpec {
    RegistrySpec(
      publicKeys: fields?.texts("public_keys") ?? [],
      signedFrom: fields?.integer("signed_from")?.value ?? 1)
  }

  /// Returns the names of drivers, in which variables are not allowed.
  private static func drivers(_ fields: Fields?) -> [Node] {
    (fields?["connections"]?.mapping?.entries ?? []).compactMap { Fields($0.value)?["driver"] }
  }

  /// Catalogs and schemas that already exist in the embedded engine.
  private static let reservedConnections: Set<String> = [
    "source", "fetched", "memory", "system", "temp", "main", "pg_catalog", "information_schema",
  ]

  private static func connection(
    _ name: Located<String>, _ fields: Fields?, _ findings: inout [Finding]
  ) -> ConnectionSpec? {
    if let path = fields?.sql("duckdb") {
      return ConnectionSpec(
        name: name, target: .duckdb(EnvironmentText(path, findings: &findings)))
    }
    guard let driver = fields?.text("driver"), let uri = fields?.sql("uri") else { return nil }
    if driver.value.contains("/") {
      findings.append(.driverAsPath(driver))
      return nil
    }
    return ConnectionSpec(
      name: name, target: .driver(driver, uri: EnvironmentText(uri, findings: &findings)))
  }
}

extension Finding {
  /// Returns the finding for a driver's file in holdout.yaml: H710.
  fileprivate static func driverAsPath(_ driver: Located<String>) -> Finding {
    let file = driver.value.split(separator: "/").last.map(String.init) ?? "NAME"
    let base = file.split(separator: ".").first.map(String.init) ?? "NAME"
    let name =
      base.hasPrefix("libadbc_driver_") ? String(base.dropFirst("libadbc_driver_".count)) : "NAME"
    return Finding(
      710, "name the driver here, not its file", at: driver.span,
      label: "a project cannot choose which code is loaded",
      hints: [
        "write `driver: \(name.lowercased())`, and name the file in the environment: "
          + "`HOLDOUT_DRIVER_\(name.uppercased())=\(driver.value)`"
      ])
  }

  fileprivate static func notASize(_ text: Located<String>) -> Finding {
    Finding(
      731, "`\(text.value.shortened)` is not a size", at: text.span,
      label: "write a number and a unit, like `20GB`; units are B, KB, MB, GB, TB")
  }

  /// Returns the finding for a malformed time or size in holdout.yaml: H378.
  fileprivate static func notALimit(_ text: Located<String>, _ label: String) -> Finding {
    Finding(378, "`\(text.value)` is not a limit", at: text.span, label: label)
  }
}

extension Explanation {
  static let projectLoaderFindings: [Explanation] = [
    Explanation(
      378, "an invalid limit",
      cause: """
        `timeout` is a number and a unit, `90s`, `30m`, `2h`, or `1d`; `memory` is a number and a unit, \
        `512MB` or `8GB`.
        """,
      example: .files(
        [
          (
            "holdout.yaml",
            """
            connections:
              shop: {duckdb: data/shop.duckdb}
            timeout: «soon»

            """
          )
        ], Example.checkWithData),
      fix: "Write only the number and its unit."),
    Explanation(
      710, "a driver given as a file",
      cause: """
        A driver is code that runs inside Holdout. holdout.yaml names the driver that a database \
        needs; only the person who runs Holdout says where its file is.
        """,
      example: .files([
        (
          "holdout.yaml",
          """
          connections:
            shop: {driver: «./libadbc_driver_snowflake.so», uri: "reader@account/shop"}

          """
        )
      ]),
      fix: """
        Write the driver's name. Put its file in a system folder, or name the file in the \
        environment: `HOLDOUT_DRIVER_SNOWFLAKE=/opt/adbc/libadbc_driver_snowflake.so`.
        """),
    Explanation(
      731, "an invalid size",
      cause: """
        `cache_size` in holdout.yaml is a number with a unit. Units are powers of 1,000.
        """,
      example: .files([("holdout.yaml", "cache_size: «20 gigabytes»\n")]),
      fix: "Write a size like `20GB`, `500MB` or `1.5TB`."),
  ]
}
