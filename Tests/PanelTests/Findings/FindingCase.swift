import Diagnostics
import Spec
import Testing

/// A spec or a table with one fault, and the finding expected of it.
struct FindingCase: CustomTestStringConvertible, Sendable {
  var name: String
  var id: Int
  /// The text that is underlined.
  var underlined: String
  /// A piece of what the finding says to do or to look at: of its label, notes or hints.
  var fix: String
  var severity = Finding.Severity.error
  /// YAML laid over the sound spec.
  var overlay = ""
  /// The rows of a table, in place of the sound ones.
  var rows: [String: String] = [:]
  var change: @Sendable (inout ExperimentSpec) -> Void = { _ in }

  var testDescription: String { "H\(id) \(name)" }

  init(
    _ id: Int, _ name: String, underlined: String, fix: String,
    severity: Finding.Severity = .error, overlay: String = "", rows: [String: String] = [:],
    change: @escaping @Sendable (inout ExperimentSpec) -> Void = { _ in }
  ) {
    self.id = id
    self.name = name
    self.underlined = underlined
    self.fix = fix
    self.severity = severity
    self.overlay = overlay
    self.rows = rows
    self.change = change
  }

  /// A case of one free SQL expression, given as a feature's number unless `type` says otherwise.
  static func sql(
    _ id: Int, _ name: String, _ sql: String, underlined: String? = nil, fix: String,
    type: String = "number"
  ) -> FindingCase {
    FindingCase(
      id, name, underlined: underlined ?? sql, fix: fix,
      overlay: """
        feature_sets:
          more:
            - free:
                type: \(type)
                sql: |-
                  \(sql)

        """)
  }

  /// A case of a condition on the rows of an event source.
  static func condition(
    _ id: Int, _ name: String, _ sql: String, underlined: String? = nil, fix: String
  ) -> FindingCase {
    FindingCase(
      id, name, underlined: underlined ?? sql, fix: fix,
      overlay: """
        feature_sets:
          more:
            - some:
                count: calls
                where: |-
                  \(sql)

        """)
  }

  /// A case of a source's own query.
  static func query(
    _ id: Int, _ name: String, _ sql: String, underlined: String? = nil, fix: String
  ) -> FindingCase {
    FindingCase(
      id, name, underlined: underlined ?? sql, fix: fix,
      overlay: """
        sources:
          calls:
            parquet: null
            sql: |-
              \(sql)

        """)
  }
}
