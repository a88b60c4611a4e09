internal import Diagnostics
internal import OrderedCollections
internal import Panel
internal import Spec

/// `missingness`: a value that is filled in, or removed, when an outcome is known tells the outcome by
/// being missing or not.
///
/// Two tests. The first compares the share of missing values at the end of the data, where outcomes
/// are open, with the past, as `end_of_data` does for values: see `EndOfData`. It covers each
/// feature, and each column that the spec reads from a source with one row per entity. It is not made
/// if the label is conditional.
///
/// The second covers `static` columns. Entities are divided into those that are positive at any cutoff
/// and those that never are. It averages the share of an entity's rows that are null over the entities
/// of each group, and fails when one group has at most 1 % of one kind (null or not null) and the other
/// has at least half. With 20 positive entities chance does that once in 2^20. The 1 % allows for data
/// entry errors. A column passes if the first test shows that the event did not write it. With
/// `evaluation.cluster`, clusters take the place of entities, as the entities of one are alike.
struct MissingnessCheck {
  static let none = 0.01
  static let most = 0.5

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    let buyers = AuditSubject.buyingClusters(subject.blocks)
    let needed = max(subject.spec.evaluation.minimumPositives, AuditTrial.fewest)
    let entities = Set(subject.blocks.flatMap(\.clusters))
    let counts: [(String, Double)] = [
      ("positive_entities", Double(buyers.count)),
      ("others", Double(entities.count - buyers.count)),
    ]
    guard buyers.count >= needed, entities.count - buyers.count >= needed else {
      return AuditOutcome(
        .inconclusive,
        .outcomesFew(
          positives: buyers.count, subject.spec.label.noun, others: entities.count - buyers.count,
          needed: needed),
        numbers: counts)
    }
    let comparison = EndOfData(subject)
    var changed = try comparison?.missingColumns(subject) ?? []
    let features = subject.spec.features.enumerated().compactMap {
      comparison?.missing(
        feature: $0, name: $1.name.value,
        least: EndOfData.least(
          reads: subject.columns(ofFeature: $1.name.value, foreignKeys: false)))
    }
    // A feature that only passes on the missing values of a column is not named a second time.
    let columns = Set(changed.map(\.name))
    changed += features.filter { columns.isDisjoint(with: subject.columns(ofFeature: $0.name)) }
    let shares = try Self.oneSided(subject, buyers)
    // Where entities stay in the cohort after their event, the end of the data shows nothing.
    let unwritten =
      shares.found.isEmpty || Self.staysAfterEvent(subject)
      ? [] : try comparison?.unwritten(subject) ?? []
    let oneSided = shares.found.filter {
      !columns.contains($0.name) && !unwritten.contains($0.name)
    }
    let numbers =
      counts + [
        ("looked_at", Double(shares.looked)), ("one_sided", Double(oneSided.count)),
        ("changed", Double(changed.count)),
      ]
    let names = changed.map(\.name) + oneSided.map(\.name)
    guard !names.isEmpty else {
      return AuditOutcome(
        .pass, .missingAlike(isEndCompared: subject.spec.label.among == nil), numbers: numbers)
    }
    return AuditOutcome(
      .fail, .missingTells(names), numbers: numbers,
      details: changed.map { .endChange($0, columns: subject.columns(ofFeature: $0.name)) }
        + oneSided.map {
          .nullShares(column: $0.name, positives: $0.buyers, others: $0.others)
        })
  }

  /// Whether more than a tenth of the positive entities are still in the cohort on the last day. Of the
  /// positive entities of a cluster, each counts as a part of one.
  private static func staysAfterEvent(_ subject: AuditSubject) -> Bool {
    let clusters = subject.builder.clusters?.numbers
    let end = Set(subject.end.first?.entities ?? [])
    var counts: [Int32: (all: Int, still: Int)] = [:]
    for entity in AuditSubject.buyers(subject.blocks) {
      let cluster = clusters?[Int(entity)] ?? entity
      counts[cluster, default: (0, 0)].all += 1
      if end.contains(entity) { counts[cluster]?.still += 1 }
    }
    // In a fixed order, because a sum of fractions depends on it.
    let still = counts.sorted { $0.key < $1.key }.reduce(0) {
      $0 + Double($1.value.still) / Double($1.value.all)
    }
    return still * 10 > Double(counts.count)
  }

  /// The `static` columns that are null, or filled, for one outcome only.
  private static func oneSided(
    _ subject: AuditSubject, _ buyers: Set<Int32>
  ) throws -> (looked: Int, found: [NullShares.Average]) {
    var shares = NullShares(entityCount: subject.builder.entityCount, buyers: buyers)
    for block in subject.blocks {
      shares.begin(block)
      for source in try subject.presence(of: block) {
        for column in source.columns {
          let declared = subject.spec.sources[source.source]?.columns[column.reference.column]
          guard declared?.columnClass == .static || declared?.columnClass == .current else {
            continue
          }
          shares.add({ !column.isPresent[$0] }, block, as: "\(column.reference)")
        }
      }
    }
    let averages = shares.averages()
    return (averages.count, averages.filter(\.isOneSided))
  }
}

/// The shares of null rows per entity, or cluster, accumulated block by block.
struct NullShares {
  struct Average {
    let name: String
    let buyers: Double
    let others: Double

    /// Whether one group has almost none of what the other mostly has.
    var isOneSided: Bool {
      func differs(_ few: Double, _ many: Double) -> Bool {
        few <= MissingnessCheck.none && many >= MissingnessCheck.most
      }
      return differs(buyers, others) || differs(others, buyers)
        || differs(1 - buyers, 1 - others) || differs(1 - others, 1 - buyers)
    }
  }

  private let buyers: Set<Int32>
  /// Rows by entity.
  private var rows: [Int32]
  private var names: [String] = []
  private var indices: [String: Int] = [:]
  /// Null rows by name, then entity.
  private var nulls: [[Int32]] = []

  init(entityCount: Int, buyers: Set<Int32>) {
    self.buyers = buyers
    rows = [Int32](repeating: 0, count: entityCount)
  }

  mutating func begin(_ block: PanelBlock) {
    for entity in block.clusters { rows[Int(entity)] += 1 }
  }

  mutating func add(_ isNull: (Int) -> Bool, _ block: PanelBlock, as name: String) {
    let index: Int
    if let known = indices[name] {
      index = known
    } else {
      index = names.count
      indices[name] = index
      names.append(name)
      nulls.append([Int32](repeating: 0, count: rows.count))
    }
    for (row, entity) in block.clusters.enumerated() where isNull(row) {
      nulls[index][Int(entity)] += 1
    }
  }

  /// The mean over entities of their share of null rows, in the order in which names were added.
  func averages() -> [Average] {
    let isBuyer = rows.indices.map { buyers.contains(Int32($0)) }
    return zip(names, nulls).map { name, nulls in
      var (sums, counts) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
      for entity in rows.indices where rows[entity] > 0 {
        let part = isBuyer[entity] ? 0 : 1
        sums[part] += Double(nulls[entity]) / Double(rows[entity])
        counts[part] += 1
      }
      return Average(
        name: name, buyers: sums[0] / max(counts[0], 1), others: sums[1] / max(counts[1], 1))
    }
  }
}
