internal import CPanelTrees
internal import Columns

/// One column of codes that histograms count, and what its codes mean to features.
struct CodeColumn: Sendable {
  /// One feature's share of a code.
  struct Part: Sendable {
    /// The feature, by index among those that may split.
    let feature: Int
    /// The feature's bin for each code.
    let bins: [UInt16]
  }

  let codes: BinColumn
  let codeCount: Int
  let parts: [Part]
}

/// Columns that change together, with one row of codes for each segment of slots.
struct RunGroup: Sendable {
  /// The columns, by index among the code columns.
  let columns: [Int]
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
  let columns: [CodeColumn]
  let groups: [RunGroup]

  /// A group is read slot by slot if it would have more segments than this share of the slots.
  private static let denseShare = 0.8
  /// What it costs to visit a segment, in updates of one column.
  private static let visit = 4.0

  /// Groups columns so that histograms need few updates.
  ///
  /// The groups decide how long training takes, never its result.
  init(_ columns: [CodeColumn], slots: Slots, threads: Int) {
    self.columns = columns
    let changes = Parallel.map(columns.count, threads: threads) { index in
      let memory = PlainMemory<UInt64>(zeros: slots.wordCount)
      let codes = columns[index].codes
      panel_changes(codes.start, Int32(codes.bytesPerBin), slots.count, memory.start)
      return memory
    }
    let clusters = Self.clusters(columns, changes, slots)
    groups = clusters.map { Self.group($0, columns, changes, slots, threads: threads) }
  }

  /// Merges columns, cheapest union first, while that saves updates. It looks at some chunks only.
  private static func clusters(
    _ columns: [CodeColumn], _ changes: [PlainMemory<UInt64>], _ slots: Slots
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
      var clusters = columns.indices.filter { columns[$0].codes.bytesPerBin == bytes }.map {
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
    _ members: [Int], _ columns: [CodeColumn], _ changes: [PlainMemory<UInt64>], _ slots: Slots,
    threads: Int
  ) -> RunGroup {
    let starts = PlainMemory<UInt64>(zeros: slots.wordCount)
    let ranks = PlainMemory<UInt32>(zeros: slots.wordCount)
    var segments = 0
    for word in 0..<slots.wordCount {
      ranks[word] = UInt32(segments)
      starts[word] = members.reduce(0) { $0 | changes[$1][word] }
      segments += starts[word].nonzeroBitCount
    }
    let isDense = Double(segments) > denseShare * Double(slots.count)
    if isDense {
      segments = slots.count
      for word in 0..<slots.wordCount {
        starts[word] = ~0
        ranks[word] = UInt32(word * 64)
      }
    }
    let bytes = columns[members[0]].codes.bytesPerBin
    let codes = PlainMemory<UInt8>(zeros: segments * members.count * bytes)
    Parallel.forEach(slots.chunkCount, threads: threads) { chunk in
      let words = chunk * Slots.wordsPerChunk..<(chunk + 1) * Slots.wordsPerChunk
      if bytes == 1 {
        gather(members, columns, words, starts, ranks, codes.start) { $0.memory.start }
      } else {
        gather(
          members, columns, words, starts, ranks,
          UnsafeMutableRawPointer(codes.start).assumingMemoryBound(to: UInt16.self)
        ) { $0.start.assumingMemoryBound(to: UInt16.self) }
      }
    }
    return RunGroup(
      columns: members, starts: isDense ? nil : starts, ranks: ranks, codes: codes,
      bytesPerCode: bytes)
  }

  /// Writes the codes of the segments that start in some words.
  private static func gather<Code: BitwiseCopyable>(
    _ members: [Int], _ columns: [CodeColumn], _ words: Range<Int>,
    _ starts: PlainMemory<UInt64>, _ ranks: PlainMemory<UInt32>,
    _ target: UnsafeMutablePointer<Code>, _ source: (BinColumn) -> UnsafeMutablePointer<Code>
  ) {
    let width = members.count
    for (offset, member) in members.enumerated() {
      let codes = source(columns[member].codes)
      for word in words {
        var bits = starts[word]
        var place = Int(ranks[word]) * width + offset
        while bits != 0 {
          target[place] = codes[word * 64 + bits.trailingZeroBitCount]
          bits &= bits - 1
          place += width
        }
      }
    }
  }
}
