internal import Spec
internal import Warehouse

/// Finds the key of each source and the columns that place its rows in time.
struct SourceRoles {
  private(set) var sources: [InspectedSource]
  private let database: KeyDatabase

  /// The most columns of a source whose values are counted exactly as a key.
  private static let mostKeys = 4

  /// Decides for all sources together, because keys may refer to each other.
  init(_ sources: [InspectedSource], _ database: KeyDatabase) throws(WarehouseError) {
    self.sources = sources
    self.database = database
    var unique: [[Int]] = []
    for index in sources.indices { unique.append(try uniqueColumns(index)) }
    let links = try findLinks(unique)
    // The entity is the source to whose keys most others refer.
    let counts = sources.indices.map { target in
      Set(links.filter { $0.target == target }.map(\.source)).count
    }
    let root = counts.indices.filter { counts[$0] > 0 }
      .max { (counts[$0], $1) < (counts[$1], $0) }
    for index in sources.indices {
      let link = links.filter { $0.source == index && $0.target == root }
        .max { ($0.agreement, $0.share) < ($1.agreement, $1.share) }
      assign(index, unique[index], index == root ? nil : link)
    }
  }

  // MARK: - Keys

  /// Returns the columns that have a distinct value in every row, best names first.
  private func uniqueColumns(_ index: Int) throws(WarehouseError) -> [Int] {
    let source = sources[index]
    guard source.rowCount > 0 else { return [] }
    let candidates = source.columns.indices.filter { number in
      let column = source.columns[number]
      guard column.obstacle == nil, column.presentCount == source.rowCount,
        column.reading.type == .text || column.reading.type == .integer
      else { return false }
      return column.isDistinctExact
        ? column.distinctCount == source.rowCount
        : column.distinctCount * 2 > source.rowCount
    }
    let scored = candidates.sorted { left, right in
      (-keyScore(left, of: source), left) < (-keyScore(right, of: source), right)
    }
    var unique: [Int] = []
    for number in scored.prefix(Self.mostKeys)
    where try database.isUnique(source.columns[number].name, of: index, rows: source.rowCount) {
      unique.append(number)
    }
    return unique
  }

  private func keyScore(_ column: Int, of source: InspectedSource) -> Int {
    SourceNames.keyScore(source.columns[column].name, of: source.name)
  }

  private struct Link {
    let source: Int
    let column: Int
    let target: Int
    /// The key of the target.
    let key: Int
    /// How much the names say that the column refers to the key.
    let agreement: Int
    let share: Double
  }

  /// Returns the columns of each source whose values are keys of another, except for a few.
  private func findLinks(_ unique: [[Int]]) throws(WarehouseError) -> [Link] {
    let targets = sources.indices.filter { index in
      unique[index].first.map { keyScore($0, of: sources[index]) > 0 } ?? false
    }
    var links: [Link] = []
    for index in sources.indices {
      let source = sources[index]
      let columns = source.columns.indices.filter { number in
        let column = source.columns[number]
        return column.obstacle == nil && column.presentCount > 0
          && (column.reading.type == .text || column.reading.type == .integer)
      }
      let pairs = columns.flatMap { column in
        targets.filter { $0 != index }.map { target in
          (
            column: column, target: target,
            agreement: agreement(column, of: source, unique[index], target, unique[target][0])
          )
        }
      }.filter { $0.agreement > 0 }
      let matched = try database.matched(
        pairs.map { pair in
          let target = sources[pair.target]
          return (
            source.columns[pair.column].name, pair.target,
            target.columns[unique[pair.target][0]].name
          )
        }, of: index)
      for (pair, count) in zip(pairs, matched) {
        let share = Double(count) / Double(source.columns[pair.column].presentCount)
        guard share >= 1 - KeyCoverage.largestUnmatchedShare else { continue }
        links.append(
          Link(
            source: index, column: pair.column, target: pair.target, key: unique[pair.target][0],
            agreement: pair.agreement, share: share))
      }
    }
    return links
  }

  /// Returns how much the names say that a column refers to the key of another source; 0 if they do
  /// not. Numbers such as 1 to 500 are found in many keys by chance.
  private func agreement(
    _ column: Int, of source: InspectedSource, _ unique: [Int], _ target: Int, _ key: Int
  ) -> Int {
    let (own, other) = (source.columns[column], sources[target].columns[key])
    if SourceNames.isKey(own.name, of: sources[target].name) { return 3 }
    let isNumber = own.reading.type == .integer
    if own.name.lowercased() == other.name.lowercased() {
      let isGeneric = SourceNames.words(own.name) == ["id"]
      return isGeneric && isNumber && unique.contains(column) ? 0 : isGeneric ? 2 : 3
    }
    return isNumber || SourceNames.keyScore(own.name, of: source.name) == 0 ? 0 : 1
  }

  // MARK: - Shapes

  private mutating func assign(_ index: Int, _ unique: [Int], _ link: Link?) {
    var source = sources[index]
    let named = unique.filter { keyScore($0, of: source) > 0 }
    let repeated = source.columns.indices.filter { number in
      let column = source.columns[number]
      return column.obstacle == nil && keyScore(number, of: source) > 1
        && column.presentCount == source.rowCount && source.rowCount > 0
        && (column.reading.type == .text || column.reading.type == .integer)
    }.max { (keyScore($0, of: source), $1) < (keyScore($1, of: source), $0) }
    if let column = link?.column ?? named.first ?? repeated ?? unique.first {
      source.key = InspectedSource.Key(
        column: column, isUnique: unique.contains(column),
        link: link.map { link in
          let target = sources[link.target]
          return KeyLink(
            source: target.name, column: target.columns[link.key].name, matchedShare: link.share)
        })
    }
    source.otherKeys = named.filter { $0 != source.key?.column }
    source.shape = shape(of: source)
    sources[index] = source
  }

  private func shape(of source: InspectedSource) -> InspectedSource.Shape {
    func isDay(_ column: Int) -> Bool {
      source.columns[column].reading.type == .date && source.columns[column].presentCount > 0
    }
    func isComplete(_ column: Int) -> Bool {
      isDay(column) && source.columns[column].presentCount == source.rowCount
    }
    let names = source.columns.map(\.name)
    if let (from, to) = SourceNames.validity(names), isComplete(from), isDay(to) {
      return .history(validFrom: from, validTo: to)
    }
    let days = source.columns.indices.filter(isComplete)
    func best(_ score: (String) -> Int) -> Int? {
      days.filter { score(names[$0]) > 0 }
        .max { (score(names[$0]), $1) < (score(names[$1]), $0) }
    }
    if source.key?.isUnique ?? false {
      return .entity(created: best(SourceNames.createdScore))
    }
    let time = best(SourceNames.timeScore)
    return .events(
      time: time, knownAt: days.first { $0 != time && SourceNames.isRecorded(names[$0]) })
  }
}

/// Compares columns of inspected sources as keys, in the engine.
struct KeyDatabase {
  let engine: Engine
  /// The rows of each source.
  let relations: [RawRelation]

  /// Returns whether a column has a distinct key in each of its rows.
  func isUnique(
    _ column: String, of source: Int, rows: Int
  ) throws(WarehouseError) -> Bool {
    let key = ColumnParser.key(column, type: relations[source].type(of: column))
    return try engine.connection.count(
      "SELECT count(DISTINCT \(key)) FROM \(relations[source].sql)") == rows
  }

  /// Counts the rows whose value in a column is a key of another source.
  /// - Parameter pairs: the column, and the other source with its key.
  /// - Returns: a count for each pair.
  func matched(
    _ pairs: [(column: String, target: Int, key: String)], of source: Int
  ) throws(WarehouseError) -> [Int] {
    guard !pairs.isEmpty else { return [] }
    let counts = pairs.enumerated().map { number, pair in
      let value = ColumnParser.key(pair.column, type: relations[source].type(of: pair.column))
      let target = relations[pair.target]
      let key = ColumnParser.key(pair.key, type: target.type(of: pair.key))
      return "count(*) FILTER (WHERE \(value) IN (SELECT \(key) FROM \(target.sql))) AS c\(number)"
    }
    let row = try engine.connection.query(
      "SELECT \(counts.joined(separator: ", ")) FROM \(relations[source].sql)"
    ).next()
    return pairs.indices.map { row?.columns[$0].integer(0) ?? 0 }
  }
}
