internal import Diagnostics
internal import Panel
internal import Spec

/// `missingness`: a value that is present for only one outcome was written because of that outcome.
///
/// Entities are divided into those that are a buyer at any cutoff of the experiment and those that
/// never are. The check covers each feature, and each column that the spec reads from a source with
/// one row per entity. It averages the share of an entity's rows that are null over the entities of
/// each group, including rows long before the purchase. An honest value fills up as the purchase
/// approaches. A value that the sale wrote has always been present.
///
/// The check fails when one group has at most 1 % of one kind (null or not null) and the other has
/// at least half. With 20 buyers chance does that once in 2^20. With fewer buyers than that, or
/// than `evaluation.min_positives`, the check is inconclusive. The 1 % allows for data entry
/// errors.
struct MissingnessCheck {
  static let none = 0.01
  static let most = 0.5

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    let buyers = AuditSubject.buyers(subject.blocks)
    let needed = max(subject.spec.evaluation.minimumPositives, AuditTrial.fewest)
    let entities = Set(subject.blocks.flatMap(\.entities))
    let counts: [(String, Double)] = [
      ("positive_entities", Double(buyers.count)),
      ("others", Double(entities.count - buyers.count)),
    ]
    guard buyers.count >= needed, entities.count - buyers.count >= needed else {
      return .inconclusive(
        "There are \(AuditWords.count(buyers.count, "buyer")) and "
          + "\((entities.count - buyers.count).grouped) others, and at least \(needed) of each are "
          + "needed.",
        numbers: counts)
    }
    var shares = NullShares(entityCount: subject.builder.entityCount, buyers: buyers)
    for block in subject.blocks {
      shares.begin(block)
      for (feature, column) in zip(subject.spec.features, block.features.columns) {
        shares.add(column.isNull, block, as: feature.name.value)
      }
      for source in try subject.builder.presence(of: block) {
        for column in source.columns {
          shares.add(
            { !column.isPresent[$0] }, block, as: "\(column.reference)")
        }
      }
    }
    let found = shares.averages()
    let suspicious = found.filter(\.isOneSided)
    let numbers =
      counts + [("looked_at", Double(found.count)), ("one_sided", Double(suspicious.count))]
    guard !suspicious.isEmpty else {
      return AuditOutcome(
        verdict: .pass,
        sentence:
          "No feature and no column is null, or filled, only for buyers or only for others.",
        numbers: numbers)
    }
    return AuditOutcome(
      verdict: .fail,
      sentence:
        "\(AuditWords.names(suspicious.map(\.name))) \(suspicious.count == 1 ? "gives" : "give") "
        + "the outcome away by being null or not: was the value written after the event?",
      numbers: numbers,
      details: suspicious.map { shares in
        "`\(shares.name)`: null in \(AuditWords.share(shares.buyers)) of the rows of those who buy, "
          + "\(AuditWords.share(shares.others)) of those who do not"
      })
  }
}

extension FeatureColumn {
  /// Whether a row's value is missing.
  fileprivate func isNull(_ row: Int) -> Bool {
    switch self {
    case .int8(let values): values[row] == .min
    case .int16(let values): values[row] == .min
    case .int32(let values): values[row] == .min
    case .float(let values): values[row].isNaN
    case .double(let values): values[row].isNaN
    }
  }
}

/// The shares of null rows per entity, accumulated block by block.
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
  private var places: [String: Int] = [:]
  /// Null rows by name, then entity.
  private var nulls: [[Int32]] = []

  init(entityCount: Int, buyers: Set<Int32>) {
    self.buyers = buyers
    rows = [Int32](repeating: 0, count: entityCount)
  }

  mutating func begin(_ block: PanelBlock) {
    for entity in block.entities { rows[Int(entity)] += 1 }
  }

  mutating func add(_ isNull: (Int) -> Bool, _ block: PanelBlock, as name: String) {
    let place: Int
    if let known = places[name] {
      place = known
    } else {
      place = names.count
      places[name] = place
      names.append(name)
      nulls.append([Int32](repeating: 0, count: rows.count))
    }
    for (row, entity) in block.entities.enumerated() where isNull(row) {
      nulls[place][Int(entity)] += 1
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
