internal import Columns
internal import Foundation

/// The margins of rows that are not trained on, tree by tree.
struct ValidationScores {
  private let rows: PanelRows
  private let scores: PlainMemory<Double>
  private var masks: [PlainMemory<UInt64>]
  private let occupied: PlainMemory<UInt64>

  /// - Parameter data: rows with the bins of the training rows.
  init(_ data: PanelDataset) {
    rows = data.rows
    scores = PlainMemory(zeros: rows.slots.count)
    occupied = rows.slots.occupied()
    masks = []
  }

  /// Adds a number to all margins.
  func add(_ value: Double) {
    for slot in 0..<scores.count { scores[slot] += value }
  }

  /// Adds a tree.
  /// - Parameter values: what its leaves add to the margins of their rows.
  mutating func add(_ tree: GrownTree, values: [Double], threads: Int) {
    while masks.count < max(1, tree.leafCount) {
      masks.append(PlainMemory(zeros: rows.slots.wordCount))
    }
    let (rows, scores, masks, occupied) = (rows, scores, masks, occupied)
    Parallel.forEach(rows.slots.chunkCount, threads: threads) { chunk in
      let words = chunk * Slots.wordsPerChunk..<(chunk + 1) * Slots.wordsPerChunk
      for word in words { masks[0].start[word] = occupied.start[word] }
      for (number, split) in tree.splits.enumerated() {
        LeafDivider(
          rows.columns[split.feature], rows.features[split.feature].mapper,
          threshold: split.threshold, categories: split.categories,
          missingGoesLeft: split.missingGoesLeft
        ).divide(words, masks[split.leaf], masks[number + 1])
      }
      for (leaf, value) in values.enumerated() {
        for word in words {
          var bits = masks[leaf].start[word]
          while bits != 0 {
            scores.start[word * 64 + bits.trailingZeroBitCount] += value
            bits &= bits - 1
          }
        }
      }
    }
  }

  /// Writes the probability of each row, in the rows' own order.
  func probabilities(sigmoid: Double, into target: inout [Double]) {
    for (row, slot) in rows.slotOfRow.enumerated() {
      target[row] = 1 / (1 + exp(-sigmoid * scores.start[Int(slot)]))
    }
  }
}
