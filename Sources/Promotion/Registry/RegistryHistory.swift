public import Diagnostics
public import Spec

/// The records of all names or of some, oldest first.
public struct RegistryHistory: Sendable {
  public let records: [RegistryRecord]
  /// What a crash left in the registry and was skipped.
  public let warnings: [Finding]
  /// The day at whose end the records applied; nil for all days.
  public let day: CalendarDate?

  /// Reads a project's registry.
  /// - Parameters:
  ///   - name: the only name to include; nil for all.
  ///   - day: includes only the record that applied to each name at the end of this day (UTC): of
  ///     the records dated that day or earlier, the last in the order of links. nil for all
  ///     records.
  /// - Throws: `FindingsError` if the registry is not as it was written, or does not have the name.
  public init(
    _ registry: Registry, of name: String? = nil, on day: CalendarDate? = nil
  ) throws(FindingsError) {
    let (all, found) = try registry.records()
    let warnings =
      found + zip(all, all.dropFirst()).flatMap { RegistryChain.remarks($1, after: $0) }
    var records = all
    if let name {
      records = all.filter { $0.name == name }
      if records.isEmpty {
        throw FindingsError(.nothingPromoted(name, known: Set(all.map(\.name)).sorted()))
      }
    }
    if let day {
      // Follows the order of links, whatever the clocks said: the last record dated up to that day
      // counts.
      let until = records.filter { $0.day.map { $0 <= day } ?? false }
      records = Dictionary(until.map { ($0.name, $0) }) { $1 }.values.sorted { $0.name < $1.name }
    }
    self.records = records
    self.warnings = warnings
    self.day = day
  }
}
