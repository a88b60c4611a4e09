internal import CLightGBM
internal import CPanelTrees
internal import Columns

/// What the panel trainer keeps of a dataset: bins in entity order, labels, weights.
final class PanelDataset: Sendable {
  let rows: PanelRows
  /// The columns grouped by when they change; nil for rows that are only predicted.
  let groups: RunGroups?
  let reference: BinReference
  /// One per row, in the rows' own order.
  let labels: [Float]
  let weights: [Float]?

  /// Bins rows for training, with the bins that LightGBM finds for them.
  /// - Parameter builder: the builder of the library's dataset of the same rows.
  /// - Throws: `callFailed`.
  convenience init(
    _ builder: DatasetBuilder, library: LightGBMLibrary, log: LogCollector
  ) throws(LearningError) {
    self.init(
      builder, reference: try builder.findBins(in: library, log: log), isForTraining: true)
  }

  /// Bins rows with bins that are already found.
  init(_ builder: DatasetBuilder, reference: BinReference, isForTraining: Bool) {
    rows = PanelRows(
      builder.rows, order: builder.order, reference: reference, threads: builder.threads)
    groups = isForTraining ? RunGroups(rows, threads: builder.threads) : nil
    self.reference = reference
    labels = builder.labels
    weights = builder.weights
  }
}

/// The bins of one feature, one for each slot.
struct BinColumn: Sendable {
  let memory: PlainMemory<UInt8>
  /// 1 or 2.
  let bytesPerBin: Int

  var start: UnsafeMutableRawPointer { UnsafeMutableRawPointer(memory.start) }

  init(slotCount: Int, binCount: Int) {
    bytesPerBin = binCount > 256 ? 2 : 1
    memory = PlainMemory(zeros: slotCount * bytesPerBin)
  }

  @inline(__always)
  subscript(slot: Int) -> Int {
    bytesPerBin == 1
      ? Int(memory.start[slot])
      : Int(start.load(fromByteOffset: slot * 2, as: UInt16.self))
  }
}

/// Binned rows in slots, entity by entity; after init they are only read.
struct PanelRows: Sendable {
  let slots: Slots
  /// The features that may split, by ascending column.
  let features: [BinReference.Feature]
  let columns: [BinColumn]
  /// The slot of each row.
  let slotOfRow: [Int32]

  /// Bins rows.
  /// - Parameter order: the rows in the order in which they are stored; nil: their own.
  init(
    _ rows: RowMajorConverter, order: [Int32]?, reference: BinReference, threads: Int
  ) {
    let slots = Slots(rowCount: rows.rowCount)
    let slotOfRow = [Int32](unsafeUninitializedCapacity: rows.rowCount) { buffer, count in
      for place in 0..<rows.rowCount {
        buffer[order.map { Int($0[place]) } ?? place] = Int32(Slots.slot(place))
      }
      count = rows.rowCount
    }
    let features = reference.features
    columns = Parallel.map(features.count, threads: threads) { index in
      let feature = features[index]
      let column = BinColumn(slotCount: slots.count, binCount: feature.mapper.binCount)
      for (block, start) in zip(rows.blocks, rows.starts) where block.rowCount > 0 {
        slotOfRow.withUnsafeBufferPointer { slotOfRow in
          Self.bin(
            block.columns[feature.column], as: rows.encodings[feature.column], feature.mapper,
            slots: UnsafeBufferPointer(rebasing: slotOfRow[start..<start + block.rowCount]),
            into: column)
        }
      }
      Self.fillEmpty(column, slots)
      return column
    }
    self.slots = slots
    self.features = features
    self.slotOfRow = slotOfRow
    resolveBundles()
  }

  /// Gives empty slots the bin before them, so that no segment ends at them.
  private static func fillEmpty(_ column: BinColumn, _ slots: Slots) {
    func fill<Bin: BitwiseCopyable>(_ bins: UnsafeMutablePointer<Bin>) {
      for chunk in 0..<slots.chunkCount {
        let end = chunk * Slots.chunk + Slots.chunk - 1
        bins[end] = bins[end - 1]
      }
      let used = Slots.slot(slots.rowCount - 1) + 1
      for slot in used..<slots.count { bins[slot] = bins[used - 1] }
    }
    if column.bytesPerBin == 1 {
      fill(column.memory.start)
    } else {
      fill(column.start.assumingMemoryBound(to: UInt16.self))
    }
  }

  /// LightGBM keeps features that are rarely away from their most frequent bin in one column. In a
  /// row in which several are, only the last of them is kept.
  private func resolveBundles() {
    let bundles = Dictionary(grouping: features.indices.filter { features[$0].bundle != nil }) {
      features[$0].bundle
    }
    for members in bundles.values {
      var taken = [Bool](repeating: false, count: slots.count)
      for index in members.sorted().reversed() {
        let frequent = features[index].mapper.mostFrequentBin
        let column = columns[index]
        for slot in 0..<slots.count where column[slot] != frequent {
          if taken[slot] {
            if column.bytesPerBin == 1 {
              column.memory[slot] = UInt8(frequent)
            } else {
              column.start.storeBytes(
                of: UInt16(frequent), toByteOffset: slot * 2, as: UInt16.self)
            }
          }
          taken[slot] = true
        }
      }
    }
  }
}

extension PanelRows {
  private static func bin(
    _ values: FeatureColumn, as encoding: ColumnEncoding, _ mapper: BinMapper,
    slots: UnsafeBufferPointer<Int32>, into column: BinColumn
  ) {
    switch values {
    case .int8(let values): binWholes(values, encoding, mapper, slots, column)
    case .int16(let values): binWholes(values, encoding, mapper, slots, column)
    case .int32(let values): binWholes(values, encoding, mapper, slots, column)
    case .float(let values): binNumbers(values, mapper, slots, column) { Double($0) }
    case .double(let values): binNumbers(values, mapper, slots, column) { $0 }
    }
  }

  /// Bins integers by a table of all of them between the smallest and the largest.
  private static func binWholes<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: [Value], _ encoding: ColumnEncoding, _ mapper: BinMapper,
    _ slots: UnsafeBufferPointer<Int32>, _ column: BinColumn
  ) {
    var (low, high) = (Value.max, Value.min)
    for value in values where value != .min {
      low = min(low, value)
      high = max(high, value)
    }
    let missing = mapper.bin(of: encoding.number(Value.min))
    let size = low <= high ? Int(high) - Int(low) + 1 : 0
    guard size <= max(4096, values.count) else {
      binNumbers(values, mapper, slots, column) { encoding.number($0) }
      return
    }
    let table = (0..<size).map { UInt16(mapper.bin(of: encoding.number(low + Value($0)))) }
    let base = Int(low)
    func write<Bin: FixedWidthInteger & BitwiseCopyable>(_ bins: UnsafeMutablePointer<Bin>) {
      values.withUnsafeBufferPointer { values in
        table.withUnsafeBufferPointer { table in
          for row in 0..<values.count {
            let value = values[row]
            let bin = value == .min ? missing : Int(table[Int(value) &- base])
            bins[Int(slots[row])] = Bin(truncatingIfNeeded: bin)
          }
        }
      }
    }
    if column.bytesPerBin == 1 {
      write(column.memory.start)
    } else {
      write(column.start.assumingMemoryBound(to: UInt16.self))
    }
  }

  /// Bins numbers by search.
  @inline(__always)
  private static func binNumbers<Value: BitwiseCopyable>(
    _ values: [Value], _ mapper: BinMapper, _ slots: UnsafeBufferPointer<Int32>,
    _ column: BinColumn, _ number: (Value) -> Double
  ) {
    let nanBin = mapper.bin(of: .nan)
    let bounds = mapper.missing == .nan ? mapper.binCount - 1 : mapper.binCount
    func write<Bin: FixedWidthInteger & BitwiseCopyable>(_ bins: UnsafeMutablePointer<Bin>) {
      values.withUnsafeBufferPointer { values in
        mapper.upperBounds.withUnsafeBufferPointer { upper in
          for row in 0..<values.count {
            let value = number(values[row])
            let bin =
              value.isNaN
              ? nanBin
              : mapper.isCategory
                ? mapper.bin(of: value) : BinMapper.search(upper, count: bounds, value)
            bins[Int(slots[row])] = Bin(truncatingIfNeeded: bin)
          }
        }
      }
    }
    if column.bytesPerBin == 1 {
      write(column.memory.start)
    } else {
      write(column.start.assumingMemoryBound(to: UInt16.self))
    }
  }
}
