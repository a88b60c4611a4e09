internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Checks that the time zones of a spec are known. The engine has the rules of all zones itself, so
/// days do not depend on the machine.
enum TimeZoneCheck {
  /// Returns a finding for each name that is not an IANA time zone.
  static func findings(
    _ spec: ExperimentSpec, _ engine: Engine
  ) throws(WarehouseError) -> [Finding] {
    let written = [spec.day.timeZone] + spec.sources.values.map(\.clock.writtenIn)
    let names = written.compactMap(\.self)
    guard !names.isEmpty else { return [] }
    // Names without a slash are abbreviations, whose meaning is ambiguous, or old names.
    let known = try engine.connection.texts("SELECT name FROM pg_timezone_names() ORDER BY name")
      .filter { ($0.contains("/") || $0 == "UTC") && !$0.hasPrefix("SystemV/") }
    return names.filter { !known.contains($0.value) }.map { .unknownTimeZone($0, known: known) }
  }

  /// Returns the zone that was meant: the same name in other case, the zone of a city, or the
  /// closest name.
  fileprivate static func closest(to name: String, among known: [String]) -> String? {
    let words = name.lowercased().replacing(" ", with: "_")
    return known.first { $0.lowercased() == words }
      ?? known.first { $0.lowercased().hasSuffix("/\(words)") }
      ?? Suggestion.closest(to: name, among: known)
  }
}

extension Finding {
  fileprivate static func unknownTimeZone(_ name: Located<String>, known: [String]) -> Finding {
    let isShort = !name.value.contains("/")
    return Finding(
      279, "there is no time zone `\(name.value)`", at: name.span,
      label: TimeZoneCheck.closest(to: name.value, among: known).map { "did you mean `\($0)`?" },
      notes: isShort
        ? ["abbreviations are not accepted: `CST` and `IST` are each the names of several zones"]
        : [],
      hints: ["write a name of the IANA time zone database, such as `America/New_York`, or `UTC`"])
  }
}

extension Explanation {
  static let timeZoneFindings: [Explanation] = [
    Explanation(
      279, "an unknown time zone",
      cause: """
        A `time_zone` is not a name of the IANA time zone database. Offsets such as `-05:00` and \
        abbreviations such as `EST` are not accepted: they have no daylight saving time, or are \
        the names of several zones.
        """,
      example: .spec("day: {time_zone: «New York»}", Example.checkWithData),
      fix: "Write the zone of a city, such as `America/New_York`, or `UTC`.")
  ]
}
