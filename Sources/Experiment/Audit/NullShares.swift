internal import Panel

/// The shares of null rows per entity, added up block by block.
struct NullShares {
  struct Average {
    let name: String
    let buyers: Double
    let others: Double

    /// Whether one part has almost none of what the other mostly has.
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

  /// The mean over entities of their share of null rows, in the order in which names came.
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
