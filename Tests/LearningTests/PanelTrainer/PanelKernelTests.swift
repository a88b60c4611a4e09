import CPanelTrees
import Foundation
import Randomness
import Testing

/// The C loops, compared with slow ones that are plainly right.
@Suite struct PanelKernelTests {
  private static let slots = 2 * Int(panel_chunk_slots)
  private static let words = slots / 64

  private var random = SplitMix64(seed: 11)

  private mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  /// A mask with runs of a mean length, without the last slot of each chunk.
  private mutating func mask(run: Int) -> [UInt64] {
    var mask = [UInt64](repeating: 0, count: Self.words)
    var isIn = true
    for slot in 0..<Self.slots {
      if below(run) == 0 { isIn.toggle() }
      let isLast = slot % Int(panel_chunk_slots) == Int(panel_chunk_slots) - 1
      if isIn, !isLast { mask[slot / 64] |= 1 << UInt64(slot % 64) }
    }
    return mask
  }

  private func isSet(_ mask: [UInt64], _ slot: Int) -> Bool {
    mask[slot / 64] >> UInt64(slot % 64) & 1 == 1
  }

  @Test(
    "A histogram sums the rows of each code",
    arguments: [(1, false), (9, false), (200, false), (1, true), (30, true)], [1, 2])
  mutating func histogram(runs: (length: Int, isDense: Bool), bytes: Int) {
    let (width, levels) = (5, bytes == 1 ? 256 : 300)
    let (leaf, bag) = (mask(run: runs.length), mask(run: 50))
    var starts = runs.isDense ? [UInt64](repeating: ~0, count: Self.words) : mask(run: 20)
    starts[0] |= 1
    var ranks: [UInt32] = []
    var segments = 0
    var segmentOfSlot: [Int] = []
    for word in 0..<Self.words {
      ranks.append(UInt32(segments))
      for slot in word * 64..<word * 64 + 64 {
        if isSet(starts, slot) { segments += 1 }
        segmentOfSlot.append(segments - 1)
      }
    }
    let codes = (0..<segments * width).map { _ in UInt16(below(levels)) }
    var prefix: [panel_sum] = []
    var rows: [(Int64, Int64)] = []
    for slot in 0..<Self.slots {
      let isFirst = slot % Int(panel_chunk_slots) == 0
      let last = prefix.last ?? panel_sum(gradient: 0, hessian: 0)
      let row = rows.last ?? (0, 0)
      prefix.append(
        isFirst
          ? panel_sum(gradient: 0, hessian: 0)
          : panel_sum(gradient: last.gradient + row.0, hessian: last.hessian + row.1))
      rows.append((Int64(below(2001) - 1000), Int64(below(1000))))
    }
    let (columns, bases) = ([Int32(0), 2, 3], [Int32(0), 300, 600])
    var found = [panel_sum](repeating: panel_sum(gradient: 0, hessian: 0), count: 900)
    let bytesOfCodes = bytes == 1 ? codes.map { UInt8($0) } : []
    starts.withUnsafeBufferPointer { starts in
      ranks.withUnsafeBufferPointer { ranks in
        bytesOfCodes.withUnsafeBytes { narrow in
          codes.withUnsafeBytes { wide in
            var group = panel_group(
              starts: runs.isDense ? nil : starts.baseAddress, ranks: ranks.baseAddress,
              codes: bytes == 1 ? narrow.baseAddress : wide.baseAddress, width: Int32(width),
              bytes_per_code: Int32(bytes))
            for chunk in 0..<2 {
              panel_histogram(
                &group, columns, bases, 3, prefix, leaf, bag, chunk * Self.words / 2,
                (chunk + 1) * Self.words / 2, &found)
            }
          }
        }
      }
    }
    var expected = [[Int64]](repeating: [0, 0], count: 900)
    for slot in 0..<Self.slots where isSet(leaf, slot) && isSet(bag, slot) {
      for (column, base) in zip(columns, bases) {
        let code = Int(codes[segmentOfSlot[slot] * width + Int(column)])
        expected[Int(base) + code][0] += rows[slot].0
        expected[Int(base) + code][1] += rows[slot].1
      }
    }
    #expect(found.map { [$0.gradient, $0.hessian] } == expected)
  }

  @Test("Gradients are those of the C library, rounded to 32 bits", arguments: [Int32(0), 1])
  mutating func gradients(small: Int32) {
    let count = 4096
    let scores = (0..<count).map { _ in (Double(below(2_000_001)) / 1_000_000 - 1) * 30 }
    let weights = (0..<count).map { _ in Float(below(2) == 0 ? -1 : 1) * Float(below(40)) / 8 }
    let scale = 0x1p44
    var prefix = [panel_sum](repeating: panel_sum(gradient: 0, hessian: 0), count: count)
    panel_gradients(scores, weights, count, 0.7, scale, scale, small, &prefix)
    var (gradient, hessian) = (Int64(0), Int64(0))
    for row in 0..<count {
      #expect(prefix[row].gradient == gradient && prefix[row].hessian == hessian)
      let label = weights[row].sign == .minus ? -1.0 : 1.0
      let weight = Double(weights[row].magnitude)
      let response = -label * 0.7 / (1 + exp(label * 0.7 * scores[row]))
      let size = response.magnitude
      gradient += Int64((Double(Float(response * weight)) * scale).rounded(.toNearestOrEven))
      hessian += Int64(
        (Double(Float(size * (0.7 - size) * weight)) * scale).rounded(.toNearestOrEven))
    }
  }

  @Test("A leaf is split by a threshold, or by a set", arguments: [1, 2], [-1, 255])
  mutating func split(bytes: Int, alsoLeft: Int32) {
    let bins = (0..<Self.slots).map { _ in UInt16(below(256)) }
    let narrow = bins.map { UInt8($0) }
    let leaf = mask(run: 7)
    let set: [UInt64] = (0..<4).map { _ in random.next() }
    for isSetSplit in [false, true] {
      var left = leaf
      var right = [UInt64](repeating: 0, count: Self.words)
      bins.withUnsafeBytes { wide in
        narrow.withUnsafeBytes { narrow in
          guard let start = bytes == 1 ? narrow.baseAddress : wide.baseAddress else { return }
          if isSetSplit {
            panel_split_by_set(start, Int32(bytes), set, 0, Self.words, &left, &right)
          } else {
            panel_split_by_threshold(
              start, Int32(bytes), 100, alsoLeft, 0, Self.words, &left, &right)
          }
        }
      }
      for slot in 0..<Self.slots {
        let bin = Int32(bins[slot])
        let goesLeft = isSetSplit ? isSet(set, Int(bin)) : bin <= 100 || bin == alsoLeft
        #expect(isSet(left, slot) == (isSet(leaf, slot) && goesLeft))
        #expect(isSet(right, slot) == (isSet(leaf, slot) && !goesLeft))
      }
      let counted = panel_count(left, right, 0, Self.words) + panel_count(left, nil, 0, Self.words)
      #expect(counted == left.reduce(0) { $0 + Int64($1.nonzeroBitCount) })
    }
  }

  @Test("Changes are the slots whose bin is another than the one before", arguments: [1, 2])
  mutating func changes(bytes: Int) {
    var bins: [UInt16] = [3]
    while bins.count < Self.slots {
      bins.append(below(6) == 0 ? UInt16(below(256)) : bins[bins.count - 1])
    }
    var changes = [UInt64](repeating: 0, count: Self.words)
    bins.withUnsafeBytes { wide in
      bins.map { UInt8($0) }.withUnsafeBytes { narrow in
        guard let start = bytes == 1 ? narrow.baseAddress : wide.baseAddress else { return }
        panel_changes(start, Int32(bytes), Self.slots, &changes)
      }
    }
    for slot in 0..<Self.slots {
      #expect(isSet(changes, slot) == (slot == 0 || bins[slot] != bins[slot - 1]))
    }
  }
}
