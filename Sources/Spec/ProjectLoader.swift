public import Diagnostics
import OrderedCollections
import YAML

/// Reads a project file, holdout.yaml.
public enum ProjectLoader {
  /// - Parameter path: the file's path; findings call it by that.
  /// - Throws: `FindingsError` with everything that is wrong with the file.
  public static func load(
    path: String, reader: SpecReader = SpecLoader.file
  ) throws(FindingsError) -> ProjectSpec {
    let file = try reader(path).get()
    var findings: [Finding] = []
    // A project file without content is one that leaves every key to its default.
    let parsed = YAMLParser.parse(file, findings: &findings)
    try findings.throwIfErrors()
    guard let node = parsed else { return ProjectSpec() }
    var checker = FormChecker()
    checker.check(node, as: .map(.project), subject: "", anchor: file.start)
    try checker.findings.throwIfErrors()
    let fields = Fields(StandardFiller.filled(node, as: .map(.project)))
    var connections: OrderedDictionary<String, ConnectionSpec> = [:]
    for entry in fields?["connections"]?.mapping?.entries ?? [] {
      guard let connection = connection(entry.key, Fields(entry.value)) else { continue }
      connections[entry.key.value] = connection
    }
    return ProjectSpec(
      connections: connections, results: fields?.text("results")?.value ?? "results")
  }

  private static func connection(
    _ name: Located<String>, _ fields: Fields?
  ) -> ConnectionSpec? {
    if let path = fields?.text("duckdb") {
      return ConnectionSpec(name: name, target: .duckdb(path))
    }
    guard let driver = fields?.text("driver"), let uri = fields?.text("uri") else { return nil }
    return ConnectionSpec(name: name, target: .driver(driver, uri: uri))
  }
}
