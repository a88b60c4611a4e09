public import Diagnostics
public import OrderedCollections

/// What scoring publishes of each row, and where. It is no part of what a run is made of.
public struct ScoreSpec: Sendable {
  /// The table written; nil: none.
  public var table: Located<String>?
  /// The connection whose database has the table; nil: that of the cohort's source, else `default`.
  public var connection: Located<String>?
  /// The file written, a path in which `{cutoff}` stands for the cutoff's date; nil: none.
  public var parquet: Located<String>?
  /// The name of the column that holds the entity's key.
  public var key: Located<String>
  /// Category features within whose levels rows are ranked.
  public var rankWithin: [Located<String>]
  /// What is published beside the score, in this order; the features of `rankWithin` stand first unless named.
  public var columns: [PublishedColumn]
  /// Reasons per row.
  public var reasons: Int
  /// How a reason is said, by feature.
  public var sentences: OrderedDictionary<String, ReasonSentences>
  /// Features that are never given as a reason: names, or patterns with `*`.
  public var hidden: [Located<String>]
  /// What becomes of rows with a category level that the model has never seen.
  public var newLevels: NewLevels

  public enum NewLevels: String, CaseIterable, Sendable {
    /// Nothing is written.
    case refuse
    /// They are scored as the level `other`, and told of.
    case other
  }
}

/// A column of a score list beside those that every list has.
public struct PublishedColumn: Sendable {
  public enum Input: Sendable {
    /// A feature of the experiment, as the model reads it.
    case feature(Located<String>)
    /// A column of a source, as it stood on the cutoff; one that holds only today's value is null at
    /// cutoffs before the last observed day.
    case column(Located<ColumnReference>)
  }

  /// The column's name in the list.
  public var name: Located<String>
  public var input: Input
}

/// The sentences of one feature's reasons. `{value}` stands for the account's value.
///
/// The first that is there and fits is taken, in this order.
public struct ReasonSentences: Sendable {
  /// Where the value is missing.
  public var missing: Located<String>?
  /// Where it is 0.
  public var zero: Located<String>?
  /// Where it is 1.
  public var one: Located<String>?
  /// Where it raises the margin.
  public var raises: Located<String>?
  /// Where it lowers the margin.
  public var lowers: Located<String>?
  /// Everywhere else.
  public var otherwise: Located<String>?

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
  /// The same with the name that is scored in place of `{name}`.
  public func filled(_ name: String) -> ScoreSpec {
    var filled = self
    filled.table = table?.map { $0.replacing("{name}", with: name) }
    filled.parquet = parquet?.map { $0.replacing("{name}", with: name) }
    return filled
  }

  /// Every column of the list beside those that every list has, in order: the features of `rankWithin` that
  /// `columns` does not name, then `columns`.
  public var published: [PublishedColumn] {
    var named = Set(columns.compactMap { $0.feature?.value })
    return rankWithin.filter { named.insert($0.value).inserted }.map {
      PublishedColumn(name: $0, input: .feature($0))
    } + columns
  }

  /// The columns that hold ranks within the levels of a feature, in the order of `rankWithin`.
  ///
  /// A column is called `rank_` and the first word of its feature without `cat_`, so that
  /// `cat_territory_standardized` gives `rank_territory`; features that begin with the same word are
  /// told apart by all of their words.
  public func rankColumns() -> [(column: String, feature: String)] {
    let names = rankWithin.map { name -> (rest: String, word: String) in
      let rest = name.value.hasPrefix("cat_") ? String(name.value.dropFirst(4)) : name.value
      return (rest, rest.split(separator: "_").first.map(String.init) ?? rest)
    }
    // Names of columns are one and the same where they differ only in case.
    let counts = Dictionary(names.map { ($0.word.lowercased(), 1) }, uniquingKeysWith: +)
    return zip(rankWithin, names).map { feature, name in
      let isTelling = counts[name.word.lowercased()] == 1
      return ("rank_\(isTelling ? name.word : name.rest)", feature.value)
    }
  }

  /// Whether a feature is never given as a reason.
  public func hides(_ feature: String) -> Bool {
    hidden.contains { Self.matches(feature, pattern: $0.value) }
  }

  /// Whether a name is that of a pattern, in which `*` stands for any characters, also none.
  static func matches(_ name: String, pattern: String) -> Bool {
    let name = Array(name.utf8)
    let pattern = Array(pattern.utf8)
    var place = 0
    var next = 0
    // The last `*` and what of the name it stands for so far. An earlier one need never take more: all
    // that it could reach, the last one reaches too.
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

  /// Whether every list has, or may have, a column of this name beside those published.
  static func isReserved(_ column: String) -> Bool {
    let name = column.lowercased()
    if reservedColumns.contains(name) || name.hasPrefix("rank_") { return true }
    return name.hasPrefix("reason_") && name.dropFirst(7).allSatisfy(\.isNumber)
  }

  /// The columns of every list, the key and those with numbers in their names apart.
  private static let reservedColumns: Set<String> = [
    "cutoff_date", "score", "margin", "run_id", "scored_at", "model", "selected",
    "selected_because",
  ]
}

extension PublishedColumn {
  /// The feature published; nil for a column of a source.
  public var feature: Located<String>? {
    if case .feature(let name) = input { name } else { nil }
  }
}

/// How many rows of a score list can be worked on, and which of them are not to be. It is no part of
/// what a run is made of.
public struct CapacitySpec: Sendable {
  public var span: SourceSpan
  /// The published column whose values are the groups, such as a territory or a rep; nil: one group.
  public var per: Located<String>?
  /// How many rows each group takes; nil: as many as there are.
  public var rows: Located<Int>?
  /// How many rows single groups take instead.
  public var groups: OrderedDictionary<String, Located<Int>>
  /// How many rows all groups together take.
  public var total: Located<Int>?
  /// The most that one group may take of `total`, from 0 to 1.
  public var maxShare: Located<Double>?
  /// Rows of a lower score are not taken.
  public var minScore: Located<Double>?
  /// Rows that were taken less than this long before the cutoff are not taken again.
  public var coolDown: Period?
  /// Files of entity keys, one a line, that are never taken; relative to the project folder.
  public var exclude: [Located<String>]

  public init(
    span: SourceSpan, per: Located<String>? = nil, rows: Located<Int>? = nil,
    groups: OrderedDictionary<String, Located<Int>> = [:], total: Located<Int>? = nil,
    maxShare: Located<Double>? = nil, minScore: Located<Double>? = nil,
    coolDown: Period? = nil, exclude: [Located<String>] = []
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
  }
}

/// What becomes of a retrained model. It is no part of what a run is made of.
public struct RetrainSpec: Sendable {
  /// When a retrained model takes the champion's place.
  public enum Promotion: String, CaseIterable, Sendable {
    /// Where its gates pass.
    case pass
    /// Where no gate fails: also where the data do not tell.
    case unlessFail = "unless_fail"
    /// Never by itself: it stays a challenger.
    case never
  }

  public var promote: Promotion

  public init(promote: Promotion = .pass) { self.promote = promote }
}
