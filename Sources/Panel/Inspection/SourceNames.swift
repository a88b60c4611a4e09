internal import Foundation
internal import Spec

/// What names of files and columns suggest; only rows can confirm it.
enum SourceNames {
  // MARK: - Names for a spec

  /// The name of a source that reads a file or a glob: the file's, without what a spec's names
  /// cannot have.
  static func name(ofFile path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let plain = withoutCompression(file)
    let stem = plain.lastIndex(of: ".").map { String(plain[..<$0]) } ?? plain
    let name = identifier(stem)
    // A glob such as `*.parquet` has the name of its folder.
    guard name == fallback, let slash = path.lastIndex(of: "/") else { return name }
    return Self.name(ofFile: String(path[..<slash]))
  }

  /// The name of a source that reads a table.
  static func name(ofTable table: String) -> String {
    identifier(table.split(separator: ".").last.map(String.init) ?? table)
  }

  static func withoutCompression(_ name: String) -> String {
    for end in [".gz", ".zst"] where name.lowercased().hasSuffix(end) {
      return String(name.dropLast(end.count))
    }
    return name
  }

  private static let fallback = "unnamed"
  /// Names with a meaning of their own in specs.
  private static let reserved: Set<String> = ["label", "cutoff", "entity"]

  /// Returns a name that a spec allows: letters, digits and `_`, not beginning with a digit.
  static func identifier(_ text: String) -> String {
    let folded = text.folding(options: .diacriticInsensitive, locale: nil)
    var name = ""
    for scalar in folded.unicodeScalars {
      let isWord =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if isWord || scalar == "_" {
        name.unicodeScalars.append(scalar)
      } else if !name.isEmpty, name.last != "_" {
        name += "_"
      }
    }
    if text.unicodeScalars.last != "_", name.last == "_" { name.removeLast() }
    if name.isEmpty { name = fallback }
    if name.first?.isNumber ?? false { name = "_\(name)" }
    if reserved.contains(name.lowercased()) { name += "_" }
    return String(name.prefix(80))
  }

  /// Returns names that differ in more than case, with a number after those that do not.
  static func distinct(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      var candidate = name
      var number = 2
      while !taken.insert(candidate.lowercased()).inserted {
        candidate = "\(name)_\(number)"
        number += 1
      }
      return candidate
    }
  }

  // MARK: - Words

  /// The words of a name in lower case: `dateCreated`, `Date created` and `date_created` have the
  /// same two.
  static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name {
      let isWord = character.isLetter || character.isNumber
      if !isWord || (wasLower && character.isUppercase), !word.isEmpty {
        words.append(word)
        word = ""
      }
      if isWord { word += character.lowercased() }
      wasLower = character.isLowercase || character.isNumber
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func has(_ name: String, _ known: Set<String>) -> Bool {
    words(name).contains(where: known.contains)
  }

  // MARK: - Keys

  /// Words that end like `id` and mean something else.
  private static let notIds: Set<String> = [
    "paid", "unpaid", "prepaid", "valid", "invalid", "void", "bid", "grid", "mid", "solid",
    "hybrid", "covid", "said", "aid",
  ]

  /// Whether a column is named like the key of a source, as `customer_id` and `customers`.
  static func isKey(_ name: String, of source: String) -> Bool {
    let joined = words(name).joined()
    let own = words(source).joined()
    var owners = [own]
    if own.hasSuffix("ies") { owners.append(own.dropLast(3) + "y") }
    if own.hasSuffix("s") { owners.append(String(own.dropLast())) }
    return owners.contains { joined == $0 + "id" || joined == $0 + "key" }
  }

  /// How much a column's name looks like that of a key, from 0 for not at all.
  static func keyScore(_ name: String, of source: String) -> Int {
    let words = words(name)
    guard let last = words.last else { return 0 }
    if words == ["id"] || isKey(name, of: source) { return 4 }
    if ["id", "uuid", "guid", "key"].contains(last) { return 3 }
    if ["no", "nr", "number", "num", "code", "sku"].contains(last) { return 2 }
    return last.hasSuffix("id") && last.count > 2 && !notIds.contains(last) ? 2 : 0
  }

  // MARK: - Days

  private static let dayWords: Set<String> = [
    "date", "day", "time", "timestamp", "datetime", "on", "at", "ts", "created", "opened",
    "closed", "registered", "joined", "since", "from", "to", "until",
  ]

  /// Whether a column's name looks like that of a day.
  static func isDay(_ name: String) -> Bool {
    has(name, dayWords) || words(name).contains { $0.hasSuffix("date") || $0.hasPrefix("date") }
  }

  /// How much a column's name says that a row was created on its day, from 0 for not at all.
  static func createdScore(_ name: String) -> Int {
    if has(name, ["updated", "modified", "last", "latest", "closed", "deleted"]) { return 0 }
    if has(name, ["created", "creation"]) { return 3 }
    if has(
      name, ["registered", "registration", "signup", "signed", "opened", "joined", "onboarded"])
    {
      return 2
    }
    return has(name, ["added", "inserted", "since", "started"]) ? 1 : 0
  }

  /// How much a column's name says that something happened on its day.
  static func timeScore(_ name: String) -> Int {
    if isRecorded(name) || has(name, ["updated", "modified", "deleted", "due", "expires"]) {
      return 0
    }
    let words = words(name)
    if words.count == 1 || has(name, ["event", "occurred", "happened"]) {
      return has(name, dayWords) ? 4 : 1
    }
    if createdScore(name) > 0 { return 2 }
    return has(name, dayWords) ? 3 : 1
  }

  /// Whether a column's name says that a row was recorded on its day.
  static func isRecorded(_ name: String) -> Bool {
    has(
      name, ["loaded", "recorded", "ingested", "imported", "received", "noted", "known", "synced"])
  }

  // MARK: - Classes

  /// Words for values that are overwritten in place.
  private static let overwritten: Set<String> = [
    "status", "stage", "last", "latest", "current", "updated", "modified", "total", "count", "sum",
    "balance", "score", "segment", "tier", "owner", "rep", "manager", "lifetime", "ltv", "recency",
    "days", "next", "renewal", "due", "expires", "is", "has", "active", "closed", "open", "rating",
  ]
  /// Words for values that are set once.
  private static let setOnce: Set<String> = [
    "birth", "birthday", "birthdate", "dob", "gender", "sex", "source", "channel", "origin",
    "referrer", "referral", "campaign", "founded",
  ]

  /// The class that a column's name suggests in a source with one row per key; nil if it suggests
  /// none.
  static func likelyClass(_ name: String, isDay: Bool) -> ColumnSpec.ColumnClass? {
    if has(name, setOnce) { return .static }
    if has(name, ["updated", "modified", "last", "latest", "next", "due", "renewal"]) {
      return .current
    }
    if isDay { return .event }
    return has(name, overwritten) ? .current : nil
  }

  // MARK: - Versions

  private static let starts: Set<String> = [
    "validfrom", "validfromdate", "validsince", "validstart", "effectivefrom", "effectivestart",
    "efffrom", "effstart", "rowstart", "versionstart", "dbtvalidfrom", "sysstarttime",
  ]
  private static let ends: Set<String> = [
    "validto", "validtodate", "validuntil", "validtill", "validend", "validthru", "validthrough",
    "effectiveto", "effectiveend", "effto", "effend", "rowend", "versionend", "dbtvalidto",
    "sysendtime",
  ]

  /// The columns whose names say that they are the first day of a version and the day after its
  /// last; nil unless there are both.
  static func validity(_ names: [String]) -> (from: Int, to: Int)? {
    let joined = names.map { words($0).joined() }
    guard let from = joined.firstIndex(where: starts.contains),
      let to = joined.firstIndex(where: ends.contains)
    else { return nil }
    return (from, to)
  }
}
