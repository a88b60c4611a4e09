public import Diagnostics

extension ScoreSpec {
  /// The same with the name that is scored in place of `{name}`.
  public func filled(_ name: String) -> ScoreSpec {
    var filled = self
    filled.table = table?.map { $0.replacing("{name}", with: name) }
    filled.parquet = parquet?.map { $0.replacing("{name}", with: name) }
    return filled
  }

  /// Every column of the list beside those that every list has, in order: the features of `rankBy` that
  /// `columns` does not name, then `columns`.
  public var published: [PublishedColumn] {
    var named = Set(columns.compactMap { $0.feature?.value })
    return rankBy.filter { named.insert($0.value).inserted }.map {
      PublishedColumn(name: $0, input: .feature($0))
    } + columns
  }

  /// The columns that hold ranks within the levels of a feature, in the order of `rankBy`.
  ///
  /// A column is called `rank_` and the first word of its feature without `cat_`, so that
  /// `cat_territory_standardized` gives `rank_territory`; features that begin with the same word are
  /// told apart by all of their words.
  public func rankColumns() -> [(column: String, feature: String)] {
    let names = rankBy.map { name -> (rest: String, word: String) in
      let rest = name.value.hasPrefix("cat_") ? String(name.value.dropFirst(4)) : name.value
      return (rest, rest.split(separator: "_").first.map(String.init) ?? rest)
    }
    // Names of columns are one and the same where they differ only in case.
    let counts = Dictionary(names.map { ($0.word.lowercased(), 1) }, uniquingKeysWith: +)
    return zip(rankBy, names).map { feature, name in
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
