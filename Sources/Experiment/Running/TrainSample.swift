internal import Diagnostics
internal import Panel
internal import Randomness
internal import Spec

/// The train rows that the learner sees: every positive and some of the negatives.
///
/// Whether a negative is kept hangs on its key, its cutoff, the seed and the share asked for, and on no
/// other row: not on the order of rows, and not on entities that come or go. What is kept of a small
/// share is kept of a larger one, too.
struct TrainSample {
  /// The rows that are kept, cutoff by cutoff.
  let blocks: [PanelBlock]
  let use: SampleUse

  /// - Parameter keys: of the entities, by number.
  /// - Throws: `FindingsError` where no negative is kept.
  init(
    _ negatives: Located<SampleSpec.Negatives>, seed: Int, of train: [PanelBlock],
    keys: [String]
  ) throws {
    let rows = train.reduce(0) { $0 + $1.rowCount }
    let positives = train.reduce(0) { $0 + $1.labels.reduce(0) { $0 + Int($1) } }
    let share = negatives.value.share(rows: rows, positives: positives)
    let draws = RowDraws(seed: seed, keys: share < 1 ? keys : [])
    blocks =
      share == 1
      ? train
      : train.map { block in
        block.rows(
          block.entities.indices.filter { row in
            block.labels[row] == 1
              || draws[block.entities[row], block.cutoff.date] < share
          })
      }
    let kept = blocks.reduce(0) { $0 + $1.rowCount } - positives
    if kept == 0, rows > positives {
      throw FindingsError(.emptySample(negatives.span, of: rows - positives))
    }
    use = SampleUse(
      asked: negatives.value, positives: positives, negatives: rows - positives, kept: kept)
  }
}

/// A number from 0 to 1 for each row, decided by the row's key, its cutoff and a seed.
struct RowDraws {
  private let starts: [UInt64]

  /// - Parameter keys: of the entities, by number.
  init(seed: Int, keys: [String]) {
    let seed = SplitMix64.mixed(UInt64(bitPattern: Int64(seed)) &+ 1)
    starts = keys.map { SplitMix64.mixed(SplitMix64.number(of: $0) ^ seed) }
  }

  /// The draw of an entity at a cutoff, 1 excluded.
  subscript(entity: Int32, cutoff: CalendarDate) -> Double {
    // The entity's own sequence of SplitMix64, at the place of the day.
    let place = UInt64(bitPattern: Int64(cutoff.days)) &* 0x9E37_79B9_7F4A_7C15
    return Double(SplitMix64.mixed(starts[Int(entity)] &+ place) >> 11) * 0x1p-53
  }
}

extension SampleSpec.Negatives {
  /// The share of the negatives that is kept.
  func share(rows: Int, positives: Int) -> Double {
    switch self {
    case .share(let share): share
    case .perPositive(let count):
      rows == positives ? 1 : min(1, Double(count * positives) / Double(rows - positives))
    }
  }
}
