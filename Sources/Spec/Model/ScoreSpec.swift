public import Diagnostics
public import OrderedCollections

/// The list that scoring publishes, and its destinations. It is not part of a run's identity.
public struct ScoreSpec: Sendable {
  /// The table to write; nil for none.
  public var table: Located<String>?
  /// The connection whose database has the table; nil means that of the cohort's source, or
  /// `default`.
  public var connection: Located<String>?
  /// The path of the file to write, in which `{cutoff}` is replaced by the cutoff's date; nil for
  /// none.
  public var parquet: Located<String>?
  /// The name of the column with the entity's key.
  public var key: Located<String>
  /// Category features within whose levels rows are ranked.
  public var rankWithin: [Located<String>]
  /// The columns published in addition to the score, in order; features of `rankWithin` that are
  /// not named here come first.
  public var columns: [PublishedColumn]
  /// The number of reasons per row.
  public var reasons: Int
  /// The sentences for reasons, by feature.
  public var sentences: OrderedDictionary<String, ReasonSentences>
  /// Features that are never given as a reason: names, or patterns with `*`.
  public var hidden: [Located<String>]
  /// What happens to rows with a category level that the model has never seen.
  public var newLevels: NewLevels

  /// What happens to rows with a category level that the model has never seen.
  public enum NewLevels: String, CaseIterable, Sendable {
    /// Nothing is written.
    case refuse
    /// They are scored as the level `other`, and reported.
    case other
  }
}

/// A column of a score list in addition to those that every list has.
public struct PublishedColumn: Sendable {
  /// The source of the column's values.
  public enum Input: Sendable {
    /// A feature of the experiment, as the model reads it.
    case feature(Located<String>)
    /// A column of a source, with its value at the cutoff. A `current` column is null at cutoffs
    /// before the last observed day.
    case column(Located<ColumnReference>)
  }

  /// The column's name in the list.
  public var name: Located<String>
  /// The source of the column's values.
  public var input: Input
}

/// The sentences for the reasons of one feature, in which `{value}` is replaced by the account's
/// value.
///
/// The first sentence that exists and applies is used, in this order.
public struct ReasonSentences: Sendable {
  /// The sentence if the value is missing.
  public var missing: Located<String>?
  /// The sentence if the value is 0.
  public var zero: Located<String>?
  /// The sentence if the value is 1.
  public var one: Located<String>?
  /// The sentence if the feature raises the margin.
  public var raises: Located<String>?
  /// The sentence if the feature lowers the margin.
  public var lowers: Located<String>?
  /// The sentence in all other cases.
  public var otherwise: Located<String>?

  /// Creates sentences.
  public init(
    missing: Located<String>? = nil, zero: Located<String>? = nil, one: Located<String>? = nil,
    raises: Located<String>? = nil, lowers: Located<String>? = nil,
    otherwise: Located<String>? = nil
  ) {
    self.missing = missing
    self.zero = zero
    self.one = one
    self.raises = raises
    self.lowers = lowers
    self.otherwise = otherwise
  }
}

extension ScoreSpec {
  /// Returns the same list with `{name}` replaced by the name that is scored.
  public func filled(_ name: String) -> ScoreSpec {
    var filled = self
    filled.table = table?.map { $0.replacing("{name}", with: name) }
    filled.parquet = parquet?.map { $0.replacing("{name}", with: name) }
    return filled
  }

  /// Every column of the list in addition to those that every list has: the features of
  /// `rankWithin` that `columns` does not name, then `columns`.
  public var published: [PublishedColumn] {
    var named = Set(columns.compactMap { $0.feature?.value })
    return rankWithin.filter { named.insert($0.value).inserted }.map {
      PublishedColumn(name: $0, input: .feature($0))
    } + columns
  }

  /// Returns the columns with ranks within the levels of a feature, in the order of `rankWithin`.
  ///
  /// A column is named `rank_` plus the first word of its feature without `cat_`:
  /// `cat_territory_standardized` gives `rank_territory`. Features that begin with the same word
  /// use all of their words.
  public func rankColumns() -> [(column: String, feature: String)] {
    let names = rankWithin.map { name -> (rest: String, word: String) in
      let rest = name.value.hasPrefix("cat_") ? String(name.value.dropFirst(4)) : name.value
      return (rest, rest.split(separator: "_").first.map(String.init) ?? rest)
    }
    // Names of columns are compared ignoring case.
    let counts = Dictionary(names.map { ($0.word.lowercased(), 1) }, uniquingKeysWith: +)
    return zip(rankWithin, names).map { feature, name in
      let isTelling = counts[name.word.lowercased()] == 1
      return ("rank_\(isTelling ? name.word : name.rest)", feature.value)
    }
  }

  /// Returns whether a feature is never given as a reason.
  public func hides(_ feature: String) -> Bool {
    hidden.contains { Self.matches(feature, pattern: $0.value) }
  }

  /// Returns whether a name matches a pattern, in which `*` matches any number of characters.
  static func matches(_ name: String, pattern: String) -> Bool {
    let name = Array(name.utf8)
    let pattern = Array(pattern.utf8)
    var place = 0
    var next = 0
    // The last `*` and the part of the name that it matches so far. Earlier ones never need to
    // match more: anything that they could reach, the last one can reach, too.
    var star: (pattern: Int, name: Int)?
    while place < name.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        star = (next, place)
        next += 1
      } else if next < pattern.count, pattern[next] == name[place] {
        next += 1
        place += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        next = last.pattern + 1
        place = last.name + 1
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// Returns whether every list has, or may have, a column of this name in addition to those
  /// published.
  static func isReserved(_ column: String) -> Bool {
    let name = column.lowercased()
    if reservedColumns.contains(name) || name.hasPrefix("rank_") { return true }
    return name.hasPrefix("reason_") && name.dropFirst(7).allSatisfy(\.isNumber)
  }

  /// The column that only lists with a `hold_back` have.
  public static let holdBackColumn = "hold_back"

  /// The columns of every list, except the key and those with numbers in their names.
  private static let reservedColumns: Set<String> = [
    "cutoff_date", "score", "margin", "run_id", "scored_at", "model", "selected",
    "selected_because",
  ]
}

extension PublishedColumn {
  /// The published feature; nil for a column of a source.
  public var feature: Located<String>? {
    if case .feature(let name) = input { name } else { nil }
  }
}

/// How many rows of a score list can be worked on, and which rows are excluded. It is not part of a
/// run's identity.
public struct CapacitySpec: Sendable {
  /// The position of the key `capacity`.
  public var span: SourceSpan
  /// The published column whose values are the groups, such as a territory or a rep; nil for one
  /// group.
  public var per: Located<String>?
  /// The number of rows per group; nil if unlimited.
  public var rows: Located<Int>?
  /// The number of rows of individual groups, which overrides `rows`.
  public var groups: OrderedDictionary<String, Located<Int>>
  /// The number of rows of all groups together.
  public var total: Located<Int>?
  /// The largest share of `total` for one group, from 0 to 1.
  public var maxShare: Located<Double>?
  /// The lowest score that is selected.
  public var minScore: Located<Double>?
  /// The period before the cutoff in which a selection prevents another one.
  public var coolDown: Period?
  /// Files of entity keys that are never selected, one key a line, relative to the project folder.
  public var exclude: [Located<String>]
  /// The share of the accounts that would be selected, but are left alone, between 0 and 1; nil for
  /// none.
  public var holdBack: Located<Double>?

  /// Creates a capacity.
  public init(
    span: SourceSpan, per: Located<String>? = nil, rows: Located<Int>? = nil,
    groups: OrderedDictionary<String, Located<Int>> = [:], total: Located<Int>? = nil,
    maxShare: Located<Double>? = nil, minScore: Located<Double>? = nil,
    coolDown: Period? = nil, exclude: [Located<String>] = [], holdBack: Located<Double>? = nil
  ) {
    self.span = span
    self.per = per
    self.rows = rows
    self.groups = groups
    self.total = total
    self.maxShare = maxShare
    self.minScore = minScore
    self.coolDown = coolDown
    self.exclude = exclude
    self.holdBack = holdBack
  }
}

extension CapacitySpec {
  /// The most rows that a list can have, if that does not depend on its groups.
  var knownLimit: Int? {
    [total?.value, per == nil ? rows?.value : nil].compactMap(\.self).min()
  }
}

/// What happens to a retrained model. It is not part of a run's identity.
public struct RetrainSpec: Sendable {
  /// When a retrained model replaces the champion.
  public enum Promotion: String, CaseIterable, Sendable {
    /// If its gates pass.
    case pass
    /// If no gate fails, even if some are inconclusive.
    case unlessFail = "unless_fail"
    /// Never automatically; it remains a challenger.
    case never
  }

  /// When a retrained model replaces the champion.
  public var promote: Promotion

  /// Creates the setting.
  public init(promote: Promotion = .pass) { self.promote = promote }
}

/// How a champion is monitored. It is not part of a run's identity.
public struct MonitorSpec: Sendable {
  /// The tolerated relative error of the expected events, from 0 to below 1.
  public var tolerance: Double
  /// The features that are not watched.
  public var ignore: [Located<String>]
  /// The categories whose levels are compared; if empty, the capacity's column, or the first one
  /// that rows are ranked within.
  public var groups: [Located<String>]
  /// The mean number of years between two false alarms of the outcome.
  public var yearsBetweenFalseAlarms: Double

  /// Creates the settings.
  public init(
    tolerance: Double = 0.2, ignore: [Located<String>] = [], groups: [Located<String>] = [],
    yearsBetweenFalseAlarms: Double = 4
  ) {
    self.tolerance = tolerance
    self.ignore = ignore
    self.groups = groups
    self.yearsBetweenFalseAlarms = yearsBetweenFalseAlarms
  }
}
