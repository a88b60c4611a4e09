public import Diagnostics
public import Spec

/// What the registry tells, of all names or of some, oldest record first.
public struct RegistryHistory: Sendable {
  public let records: [RegistryRecord]
  /// What a crash left in the registry, and was passed over.
  public let warnings: [Finding]
  /// The day whose end it is of; nil: of all days.
  public let day: CalendarDate?

  /// Reads a project's registry.
  /// - Parameters:
  ///   - name: the only name to tell of; nil: all.
  ///   - day: only the records that the names were at when that day ended, in UTC: for each name, of the
  ///     records that are dated that day or before, the last in the order of links; nil: all.
  /// - Throws: `FindingsError` where the registry is not as it was written, or does not know the name.
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
      // In the order of links, whatever clocks said: of the records up to that day, the last one counts.
      let until = records.filter { $0.day.map { $0 <= day } ?? false }
      records = Dictionary(until.map { ($0.name, $0) }) { $1 }.values.sorted { $0.name < $1.name }
    }
    self.records = records
    self.warnings = warnings
    self.day = day
  }
}
