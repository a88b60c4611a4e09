import Diagnostics
import OrderedCollections

/// The sources of a spec while it is decoded: what is known of them, and which have been used.
struct Catalog {
  /// Every source's name, also of those that are malformed.
  private(set) var names: OrderedSet<String> = []
  /// Every listed column's name by source, also of those that are malformed.
  private(set) var columnNames: [String: [String]] = [:]
  private(set) var sources: OrderedDictionary<String, SourceSpec> = [:]
  private(set) var used: Set<String> = []

  mutating func declare(_ name: String, columns: [String]) {
    names.append(name)
    columnNames[name] = columns
  }

  mutating func add(_ source: SourceSpec) { sources[source.name.value] = source }
  mutating func use(_ source: String) { used.insert(source) }
}
