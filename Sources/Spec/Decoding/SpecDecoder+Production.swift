import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  // MARK: score

  mutating func decodeScore() -> ScoreSpec? {
    guard let fields = root.fields("score"), let reasons = fields.integer("reasons"),
      let key = fields.text("key"),
      let newLevels = fields.word("new_levels", as: ScoreSpec.NewLevels.self)
    else { return nil }
    checkRepeats("rank_within", fields)
    checkRepeats("hidden", fields)
    checkSinks(fields)
    let score = ScoreSpec(
      table: fields.text("table"), connection: fields.text("connection"),
      parquet: fields.text("parquet"), key: key, rankWithin: fields.texts("rank_within"),
      columns: fields.items("columns").compactMap { decodePublished($0) },
      reasons: reasons.value, sentences: decodeSentences(fields), hidden: decodeHidden(fields),
      newLevels: newLevels.value)
    checkNames(of: score)
    return score
  }

  private mutating func checkSinks(_ fields: Fields) {
    if let table = fields["table"]?.sql { checkPlaceholders(table, ["{name}"]) }
    guard let path = fields["parquet"]?.sql else { return }
    let before = findings.count
    checkPlaceholders(path, ["{name}", "{cutoff}"])
    // Another placeholder may be a misspelled `{cutoff}`.
    if findings.count == before, !path.text.contains("{cutoff}") {
      findings.append(.oneFileForAllCutoffs(path.span))
    }
  }

  /// Returns a column of the list; nil with a finding, or without one if it is a feature that was
  /// removed or is malformed.
  private mutating func decodePublished(_ node: Node) -> PublishedColumn? {
    let entry = node.mapping?.entries.first
    let value = entry?.value ?? node
    if let written = value.column {
      guard let reference = decodePublished(written) else { return nil }
      return PublishedColumn(
        name: entry?.key ?? reference.map(\.column), input: .column(reference))
    }
    guard let feature = value.text, feature.value.isIdentifier, isPublished(feature) else {
      return nil
    }
    return PublishedColumn(name: entry?.key ?? feature, input: .feature(feature))
  }

  /// Returns a published column of a source. It is not an input of the model, so it may be
  /// `current`.
  private mutating func decodePublished(
    _ written: Located<ColumnReference>
  ) -> Located<ColumnReference>? {
    guard written.value != Self.labelEvent else { return labelColumn(standingAt: written.span) }
    if catalog.sources[written.value.source]?.isEvents == true {
      catalog.use(written.value.source)
      findings.append(.eventsRowWise(written, .published))
      return nil
    }
    return column(written) == nil ? nil : written
  }

  /// Returns whether a feature is chosen. If not, adds a finding, unless it was chosen and then
  /// removed.
  private mutating func isPublished(_ name: Located<String>) -> Bool {
    if choice.chosen[name.value] != nil { return true }
    guard isKnown(name, "columns"), !choice.takenAway.contains(name.value),
      choice.findings.isEmpty, choice.table.malformed.isEmpty
    else { return false }
    findings.append(.publishesNotChosen(name))
    return false
  }

  /// Returns whether a set defines a feature. If not, adds a finding, unless it may be malformed.
  private mutating func isKnown(_ name: Located<String>, _ key: String) -> Bool {
    if choice.table.all[name.value] != nil { return true }
    // Finding the closest name is slow, and findings beyond the limit are not shown.
    if !choice.table.isMalformed(name.value), findings.count < SpecLoader.maximumFindings {
      findings.append(.noFeature(name, key, choice.table))
    }
    return false
  }

  private mutating func decodeSentences(
    _ fields: Fields
  ) -> OrderedDictionary<String, ReasonSentences> {
    var all: OrderedDictionary<String, ReasonSentences> = [:]
    for entry in fields.fields("sentences")?.mapping.entries ?? [] {
      let isCategory = choice.table.all[entry.key.value]?.expression.isCategory ?? false
      _ = isKnown(entry.key, "sentences")
      if entry.value.text != nil {
        all[entry.key.value] = ReasonSentences(otherwise: sentence(entry.value))
        continue
      }
      guard let own = Fields(entry.value) else { continue }
      if own.mapping.entries.isEmpty { findings.append(.noSentence(entry.key)) }
      for key in ["zero", "one"] where isCategory {
        if let key = own.key(key) { findings.append(.numberOfCategory(key, entry.key)) }
      }
      all[entry.key.value] = ReasonSentences(
        missing: sentence(own["missing"], mayShowValue: false), zero: sentence(own["zero"]),
        one: sentence(own["one"]), raises: sentence(own["raises"]),
        lowers: sentence(own["lowers"]), otherwise: sentence(own["otherwise"]))
    }
    return all
  }

  private mutating func sentence(
    _ node: Node?, mayShowValue: Bool = true
  ) -> Located<String>? {
    guard let text = node?.sql else { return nil }
    if text.text.allSatisfy(\.isWhitespace) { findings.append(.emptySentence(text.span)) }
    checkPlaceholders(text, ["{value}"])
    if !mayShowValue, let range = text.text.firstRange(of: "{value}") {
      let utf8 = text.text.utf8
      let start = utf8.distance(from: utf8.startIndex, to: range.lowerBound)
      findings.append(.valueOfMissing(at: text.span(of: start..<start + 7)))
    }
    return Located(text.text, at: text.span)
  }

  private mutating func decodeHidden(_ fields: Fields) -> [Located<String>] {
    let hidden = fields.names("hidden")
    for name in hidden where findings.count < SpecLoader.maximumFindings {
      guard name.value.contains("*") else {
        _ = isKnown(name, "hidden")
        continue
      }
      let isMatched = choice.table.all.keys.contains {
        ScoreSpec.matches($0, pattern: name.value)
      }
      if !isMatched, choice.table.malformed.isEmpty { findings.append(.hidesNothing(name)) }
    }
    return hidden
  }

  /// Checks that no two columns of the list have the same name, ignoring case.
  private mutating func checkNames(of score: ScoreSpec) {
    if ScoreSpec.isReserved(score.key.value) { findings.append(.columnOfEveryList(score.key)) }
    var seen = [score.key.value.lowercased(): score.key]
    for column in score.published {
      if ScoreSpec.isReserved(column.name.value) {
        findings.append(.columnOfEveryList(column.name))
      } else if let other = seen.updateValue(column.name, forKey: column.name.value.lowercased()) {
        findings.append(.columnTwice(column.name, other: other))
      }
    }
    var features: Set<String> = []
    var ranks: Set<String> = ["rank_global"]
    // A feature that is listed twice has its own finding.
    for (rank, feature) in zip(score.rankColumns(), score.rankWithin)
    where features.insert(feature.value).inserted {
      if !ranks.insert(rank.column.lowercased()).inserted {
        findings.append(.rankTwice(feature, column: rank.column))
      }
    }
  }

  // MARK: capacity

  mutating func decodeCapacity(of score: ScoreSpec?) -> CapacitySpec? {
    guard let key = root.key("capacity"), let fields = root.fields("capacity") else { return nil }
    checkRepeats("exclude", fields)
    let per = fields.text("per")
    if root.key("score") == nil {
      findings.append(.capacityOfNoList(key))
    } else if let per, let score {
      checkGroups(per, score)
    }
    var groups: OrderedDictionary<String, Located<Int>> = [:]
    for entry in fields.fields("groups")?.mapping.entries ?? [] {
      groups[entry.key.value] = entry.value.integer
    }
    let capacity = CapacitySpec(
      span: key.span, per: per, rows: fields.integer("rows"), groups: groups,
      total: fields.integer("total"), maxShare: fields.number("max_share"),
      minScore: fields.number("min_score"), coolDown: fields.period("cool_down")?.value,
      exclude: fields.names("exclude"), holdBack: fields.share("hold_back"))
    checkHoldBack(of: capacity, score)
    let limits = ["rows", "groups", "total", "min_score", "cool_down", "exclude", "hold_back"]
    if limits.allSatisfy({ fields[$0] == nil || fields[$0]?.sequence?.isEmpty == true }) {
      findings.append(.limitsNothing(key))
    }
    return capacity
  }

  private mutating func checkHoldBack(of capacity: CapacitySpec, _ score: ScoreSpec?) {
    guard let share = capacity.holdBack, share.value > 0, share.value < 1 else { return }
    if share.value > 0.5 { findings.append(.holdsBackMost(share)) }
    if let limit = capacity.knownLimit, share.value * Double(limit) < 1 {
      findings.append(.holdsBackNobody(share, of: limit))
    }
    let names = score.map { [$0.key] + $0.published.map(\.name) } ?? []
    for name in names where name.value.lowercased() == ScoreSpec.holdBackColumn {
      findings.append(.columnOfEveryList(name))
    }
  }

  private mutating func checkGroups(_ per: Located<String>, _ score: ScoreSpec) {
    let names = score.published.map(\.name.value)
    guard !names.contains(per.value) else { return }
    // A malformed column already has a finding.
    let isMalformed = root.fields("score")?.items("columns").contains { item in
      let entry = item.mapping?.entries.first
      let value = entry?.value ?? item
      let name = entry?.key.value ?? value.column?.value.column ?? value.text?.value
      return name == per.value && !choice.takenAway.contains(value.text?.value ?? "")
    }
    if isMalformed != true { findings.append(.groupsByNoColumn(per, known: names)) }
  }

  // MARK: retrain

  func decodeRetrain() -> RetrainSpec {
    let promotion = root.fields("retrain")?.word("promote", as: RetrainSpec.Promotion.self)
    return RetrainSpec(promote: promotion?.value ?? .pass)
  }
  // MARK: monitor

  mutating func decodeMonitor() -> MonitorSpec {
    guard let fields = root.fields("monitor") else { return MonitorSpec() }
    checkRepeats("ignore", fields)
    checkRepeats("groups", fields)
    let ignore = fields.names("ignore").filter { isWatched($0, "ignore") }
    let groups = fields.names("groups").filter { name in
      guard isWatched(name, "groups") else { return false }
      let isCategory = choice.chosen[name.value]?.expression.isCategory ?? true
      if !isCategory { findings.append(.groupsByNumber(name)) }
      return isCategory
    }
    return MonitorSpec(
      tolerance: fields.number("tolerance")?.value ?? 0.2, ignore: ignore, groups: groups,
      yearsBetweenFalseAlarms: fields.number("years_between_false_alarms")?.value ?? 4)
  }

  /// Returns whether a feature is chosen. If not, adds a finding, unless it was chosen and then
  /// removed, as by a base's spec, or may be malformed.
  private mutating func isWatched(_ name: Located<String>, _ key: String) -> Bool {
    if choice.chosen[name.value] != nil { return true }
    guard !choice.takenAway.contains(name.value), choice.findings.isEmpty,
      choice.table.malformed.isEmpty, findings.count < SpecLoader.maximumFindings
    else { return false }
    findings.append(.watchesNoFeature(name, key, known: Array(choice.chosen.keys)))
    return false
  }
}
