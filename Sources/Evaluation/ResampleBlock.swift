internal import Columns

/// Eight resamples side by side: how often each entity is drawn in each of them.
///
/// Nearly all time of a measure goes into looking up the weight of each row's entity. With the
/// weights of eight resamples next to each other, one look-up serves all eight.
///
/// A weight above 255 would trap. The probability that one entity is drawn so often is below
/// 1 / 256!, or 10^-506.
struct ResampleBlock: Sendable {
  static let size = SIMD8<UInt8>.scalarCount

  private(set) var weights: [SIMD8<UInt8>]

  /// Every entity once.
  init(entityCount: Int) {
    weights = [SIMD8<UInt8>](repeating: SIMD8(repeating: 1), count: entityCount)
  }

  /// Draws consecutive resamples, at most eight, the first of them into the first lane.
  fileprivate mutating func draw(_ resamples: Range<Int>, of resampling: EntityResampling) {
    weights.withUnsafeMutableBufferPointer { $0.update(repeating: .zero) }
    weights.withUnsafeMutableBytes { weights in
      for (lane, index) in resamples.enumerated() {
        resampling.eachDraw(ofResample: index) { weights[$0 * Self.size + lane] += 1 }
      }
    }
  }
}

extension EntityResampling {
  /// Draws every resample and passes them to `measure`, eight at a time.
  /// - Parameters:
  ///   - settings: the numbers of resamples and threads; its seed is ignored in favor of this
  ///     resampling's own.
  ///   - measure: returns the answer of each lane.
  /// - Returns: the answers in the order of the resamples, for any number of threads.
  func answers<Answer: Sendable>(
    _ settings: BootstrapOptions, blocks measure: @Sendable (ResampleBlock) -> [Answer]
  ) -> [Answer] {
    let size = ResampleBlock.size
    let answers = Parallel.map(
      (settings.resamples + size - 1) / size, threads: settings.threads,
      state: { _ in ResampleBlock(entityCount: entityCount) }
    ) { block, index in
      block.draw(index * size..<min((index + 1) * size, settings.resamples), of: self)
      return measure(block)
    }
    return Array(answers.joined().prefix(settings.resamples))
  }
}

/// The number of negatives and of positives in each cell of a ranking, and in all, for eight
/// resamples.
struct BlockCounts: Sendable {
  fileprivate var cells: [(negatives: SIMD8<UInt32>, positives: SIMD8<UInt32>)] = []

  /// Returns the counts of one resample.
  subscript(lane: Int) -> RankingCells.Counts {
    var counts = RankingCells.Counts()
    counts.cells.reserveCapacity(cells.count)
    for cell in cells {
      counts.add(negatives: Int(cell.negatives[lane]), positives: Int(cell.positives[lane]))
    }
    return counts
  }
}

extension RankingCells {
  /// Returns the counts of a block of resamples.
  func counts(_ block: ResampleBlock) -> BlockCounts {
    var counts = BlockCounts()
    counts.cells.reserveCapacity(negativeEnds.count)
    // Every entity is below the number of weights, so the sums are without checks.
    block.weights.withUnsafeBufferPointer { weights in
      func sum(_ entities: UnsafeBufferPointer<Int32>, _ rows: Range<Int>) -> SIMD8<UInt32> {
        var sum = SIMD8<UInt32>.zero
        for row in rows {
          sum &+= SIMD8<UInt32>(truncatingIfNeeded: weights[Int(entities[row])])
        }
        return sum
      }
      negativeEntities.withUnsafeBufferPointer { negativeEntities in
        positiveEntities.withUnsafeBufferPointer { positiveEntities in
          var (negative, positive) = (0, 0)
          for (negativeEnd, positiveEnd) in zip(negativeEnds, positiveEnds) {
            counts.cells.append(
              (
                sum(negativeEntities, negative..<negativeEnd),
                sum(positiveEntities, positive..<positiveEnd)
              ))
            (negative, positive) = (negativeEnd, positiveEnd)
          }
        }
      }
    }
    return counts
  }
}
