internal import CPanelTrees
internal import Columns

/// Features that change together, with one row of codes for each segment of slots.
struct RunGroup: Sendable {
  /// The columns of codes, in the order of a row's codes.
  let columns: [CodeColumn]
  /// The slots at which a segment starts; nil if every slot is one.
  let starts: PlainMemory<UInt64>?
  let ranks: PlainMemory<UInt32>
  let codes: PlainMemory<UInt8>
  let bytesPerCode: Int

  /// The group as the C loops take it; valid as long as the group.
  var pointers: panel_group {
    panel_group(
      starts: starts.map { UnsafePointer($0.start) }, ranks: UnsafePointer(ranks.start),
      codes: UnsafeRawPointer(codes.start), width: Int32(columns.count),
      bytes_per_code: Int32(bytesPerCode))
  }
}

/// All columns of a panel, grouped by when they change.
struct RunGroups: Sendable {
  let groups: [RunGroup]

  /// A group is read slot by slot if it would have more segments than this share of the slots.
  private static let denseShare = 0.8
  /// What it costs to visit a segment, in updates of one column.
  private static let visit = 4.0

  /// Groups features so that histograms need few updates.
  ///
  /// The groups decide how long training takes, never its result.
  init(_ rows: PanelRows, threads: Int) {
    let (columns, slots) = (rows.columns, rows.slots)
    let changes = Parallel.map(columns.count, threads: threads) { index in
      let memory = PlainMemory<UInt64>(zeros: slots.wordCount)
      panel_changes(
        columns[index].start, Int32(columns[index].bytesPerBin), slots.count, memory.start)
      return memory
    }
    let clusters = Self.clusters(columns, changes, slots)
    groups = clusters.map { Self.group($0, rows, changes, threads: threads) }
  }

  /// Merges columns, cheapest union first, while that saves updates. It looks at some chunks only.
  private static func clusters(
    _ columns: [BinColumn], _ changes: [PlainMemory<UInt64>], _ slots: Slots
  ) -> [[Int]] {
    let step = max(1, slots.chunkCount / 8)
    let words = stride(from: 0, to: slots.chunkCount, by: step).flatMap { chunk in
      chunk * Slots.wordsPerChunk..<(chunk + 1) * Slots.wordsPerChunk
    }
    let sampled = Double(words.count * 64)
    struct Cluster {
      var members: [Int]
      var bits: [UInt64]
      var segments: Double
    }
    func cost(_ segments: Double, _ width: Int) -> Double {
      // Whether a slot starts a segment need not be asked in a dense group.
      segments > denseShare * sampled
        ? sampled * (visit / 2 + Double(width)) : segments * (visit + Double(width))
    }
    var result: [[Int]] = []
    for bytes in [1, 2] {
      var clusters = columns.indices.filter { columns[$0].bytesPerBin == bytes }.map {
        index in
        let bits = words.map { changes[index][$0] }
        return Cluster(
          members: [index], bits: bits,
          segments: Double(bits.reduce(0) { $0 + $1.nonzeroBitCount }))
      }
      while clusters.count > 1 {
        var best = (saving: 0.0, first: -1, second: -1)
        for first in clusters.indices {
          for second in first + 1..<clusters.count {
            let (a, b) = (clusters[first], clusters[second])
            let apart = cost(a.segments, a.members.count) + cost(b.segments, b.members.count)
            // A union has at least as many segments as either.
            let width = a.members.count + b.members.count
            guard apart - cost(max(a.segments, b.segments), width) > best.saving else { continue }
            var union = 0
            for word in a.bits.indices { union += (a.bits[word] | b.bits[word]).nonzeroBitCount }
            let saving = apart - cost(Double(union), width)
            if saving > best.saving { best = (saving, first, second) }
          }
        }
        guard best.first >= 0 else { break }
        let other = clusters.remove(at: best.second)
        clusters[best.first].members += other.members
        for word in other.bits.indices { clusters[best.first].bits[word] |= other.bits[word] }
        clusters[best.first].segments = Double(
          clusters[best.first].bits.reduce(0) { $0 + $1.nonzeroBitCount })
      }
      result += clusters.map { $0.members.sorted() }
    }
    return result
  }

  private static func group(
    _ members: [Int], _ rows: PanelRows, _ changes: [PlainMemory<UInt64>], threads: Int
  ) -> RunGroup {
    let slots = rows.slots
    let starts = PlainMemory<UInt64>(zeros: slots.wordCount)
    let ranks = PlainMemory<UInt32>(zeros: slots.wordCount)
    var segments = 0
    for word in 0..<slots.wordCount {
      ranks[word] = UInt32(segments)
      starts[word] = members.reduce(0) { $0 | changes[$1].start[word] }
      segments += starts[word].nonzeroBitCount
    }
    let isDense = Double(segments) > denseShare * Double(slots.count)
    let bytes = rows.columns[members[0]].bytesPerBin
    if isDense { segments = slots.count }
    let count = segments
    let bins = Parallel.map(members.count, threads: threads) { index in
      let column = rows.columns[members[index]]
      return isDense ? column.memory : gathered(column, starts, count: count)
    }
    var columns = zip(members, bins).map { feature, codes in
      let count = rows.features[feature].mapper.binCount
      return SegmentCodes(
        codes: codes,
        column: CodeColumn(
          codeCount: count,
          parts: [CodeColumn.Part(feature: feature, bins: (0..<count).map { UInt16($0) })]))
    }
    if bytes == 1 { columns = SegmentCodes.joined(columns, segmentCount: count) }
    let width = columns.count
    let codes = PlainMemory<UInt8>(zeros: segments * width * bytes)
    let joined = columns
    let block = 1 << 14
    Parallel.forEach((segments + block - 1) / block, threads: threads) { number in
      let range = number * block..<min((number + 1) * block, count)
      for (offset, column) in joined.enumerated() {
        if bytes == 1 {
          for segment in range {
            codes.start[segment * width + offset] = column.codes.start[segment]
          }
        } else {
          for segment in range {
            for byte in 0..<2 {
              codes.start[(segment * width + offset) * 2 + byte] =
                column.codes.start[segment * 2 + byte]
            }
          }
        }
      }
    }
    return RunGroup(
      columns: columns.map(\.column), starts: isDense ? nil : starts, ranks: ranks, codes: codes,
      bytesPerCode: bytes)
  }

  /// Returns the bins of the slots at which segments start.
  private static func gathered(
    _ column: BinColumn, _ starts: PlainMemory<UInt64>, count: Int
  ) -> PlainMemory<UInt8> {
    let bytes = column.bytesPerBin
    let target = PlainMemory<UInt8>(zeros: count * bytes)
    var segment = 0
    for word in 0..<starts.count {
      var bits = starts.start[word]
      while bits != 0 {
        let slot = word * 64 + bits.trailingZeroBitCount
        bits &= bits - 1
        for byte in 0..<bytes {
          target.start[segment * bytes + byte] = column.memory.start[slot * bytes + byte]
        }
        segment += 1
      }
    }
    return target
  }
}
