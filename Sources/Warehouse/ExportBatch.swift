internal import CADBC
internal import Glibc

/// Columns to be written to a table: names and values of equal length.
public struct ExportBatch: Sendable {
  /// The values of a column by type.
  public enum Values: Sendable {
    case int8([Int8])
    case int32([Int32])
    case int64([Int64])
    case float([Float])
    case double([Double])
    /// Days since 1970-01-01.
    case date([Int32])
    case text([String])
    /// Each row's index into a list of texts, which is far less to pass than the texts themselves.
    case category([Int32], texts: [String])

    /// The number of rows.
    public var count: Int {
      switch self {
      case .int8(let values): values.count
      case .int32(let values), .date(let values): values.count
      case .int64(let values): values.count
      case .float(let values): values.count
      case .double(let values): values.count
      case .text(let values): values.count
      case .category(let places, _): places.count
      }
    }
  }

  /// The number of rows.
  public let rowCount: Int
  let columns: [(name: String, values: Values)]

  /// Creates a batch.
  /// - Precondition: all columns have `rowCount` values.
  public init(rowCount: Int, columns: [(name: String, values: Values)]) {
    precondition(columns.allSatisfy { $0.values.count == rowCount }, "columns of unequal length")
    self.rowCount = rowCount
    self.columns = columns
  }
}

extension ExportBatch {
  /// Returns the batch as an Arrow struct array and its schema, whose memory the consumer releases.
  ///
  /// Each exported structure owns an `ArrowMemory`, retained in `private_data` and released by its
  /// release callback, as the C data interface requires.
  func exported() -> (ArrowArray, ArrowSchema) {
    let arrays = columns.map { Self.array($0.values) }
    let schemas = columns.map { Self.schema(name: $0.name, $0.values) }
    let arrayMemory = ArrowMemory()
    let schemaMemory = ArrowMemory()
    var array = ArrowArray()
    array.length = Int64(rowCount)
    array.n_children = Int64(columns.count)
    array.n_buffers = 1
    array.buffers = arrayMemory.buffers([nil])
    array.children = arrayMemory.pointers(arrays)
    array.release = releaseArray
    array.private_data = arrayMemory.retained()
    var schema = Self.schema(name: "", format: "+s", memory: schemaMemory)
    schema.n_children = Int64(columns.count)
    schema.children = schemaMemory.pointers(schemas)
    return (array, schema)
  }

  private static func schema(name: String, _ values: Values) -> ArrowSchema {
    let memory = ArrowMemory()
    var schema = schema(name: name, format: values.arrowFormat, memory: memory)
    if case .category = values {
      schema.dictionary = memory.pointers([Self.schema(name: "", .text([]))])[0]
    }
    return schema
  }

  private static func schema(
    name: String, format: String, memory: ArrowMemory = ArrowMemory()
  ) -> ArrowSchema {
    var schema = ArrowSchema()
    schema.format = memory.text(format)
    schema.name = memory.text(name)
    schema.flags = Int64(HOLDOUT_ARROW_FLAG_NULLABLE)
    schema.release = releaseSchema
    schema.private_data = memory.retained()
    return schema
  }

  private static func array(_ values: Values) -> ArrowArray {
    let memory = ArrowMemory()
    var array = ArrowArray()
    array.length = Int64(values.count)
    let data: [UnsafeRawPointer?] =
      switch values {
      case .int8(let values): [nil, memory.copy(values)]
      case .int32(let values), .date(let values): [nil, memory.copy(values)]
      case .int64(let values): [nil, memory.copy(values)]
      case .float(let values): [nil, memory.copy(values)]
      case .double(let values): [nil, memory.copy(values)]
      case .text(let values): [nil] + memory.copy(texts: values)
      case .category(let places, _): [nil, memory.copy(places)]
      }
    if case .category(_, let texts) = values {
      array.dictionary = memory.pointers([Self.array(.text(texts))])[0]
    }
    array.n_buffers = Int64(data.count)
    array.buffers = memory.buffers(data)
    array.release = releaseArray
    array.private_data = memory.retained()
    return array
  }
}

extension ExportBatch.Values {
  fileprivate var arrowFormat: String {
    switch self {
    case .int8: "c"
    case .int32, .category: "i"
    case .int64: "l"
    case .float: "f"
    case .double: "g"
    case .date: "tdD"
    case .text: "U"
    }
  }
}

/// The heap memory of one exported Arrow structure.
private final class ArrowMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  private func block(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 8), alignment: 64)
    blocks.append(block)
    return block
  }

  func copy<Element>(_ values: [Element]) -> UnsafeRawPointer {
    let block = block(values.count * MemoryLayout<Element>.stride)
    values.withUnsafeBytes { source in
      if let start = source.baseAddress { block.copyMemory(from: start, byteCount: source.count) }
    }
    return UnsafeRawPointer(block)
  }

  func copy(texts: [String]) -> [UnsafeRawPointer?] {
    var offsets: [Int64] = [0]
    var bytes: [UInt8] = []
    offsets.reserveCapacity(texts.count + 1)
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      offsets.append(Int64(bytes.count))
    }
    return [copy(offsets), copy(bytes)]
  }

  func text(_ text: String) -> UnsafePointer<CChar> {
    // Safety: the block holds the text's bytes and a terminating zero.
    copy(Array(text.utf8CString)).assumingMemoryBound(to: CChar.self)
  }

  func buffers(_ pointers: [UnsafeRawPointer?]) -> UnsafeMutablePointer<UnsafeRawPointer?> {
    let block = block(pointers.count * MemoryLayout<UnsafeRawPointer?>.stride)
      .bindMemory(to: UnsafeRawPointer?.self, capacity: pointers.count)
    block.initialize(from: pointers, count: pointers.count)
    return block
  }

  func pointers<Element>(_ values: [Element]) -> UnsafeMutablePointer<
    UnsafeMutablePointer<Element>?
  > {
    let elements = block(values.count * MemoryLayout<Element>.stride)
      .bindMemory(to: Element.self, capacity: values.count)
    elements.initialize(from: values, count: values.count)
    let block = block(values.count * MemoryLayout<UnsafeMutablePointer<Element>?>.stride)
      .bindMemory(to: UnsafeMutablePointer<Element>?.self, capacity: values.count)
    for index in values.indices { (block + index).initialize(to: elements + index) }
    return block
  }
}

private func releaseArray(_ array: UnsafeMutablePointer<ArrowArray>?) {
  guard let array, let memory = array.pointee.private_data else { return }
  for index in 0..<Int(array.pointee.n_children) {
    // A consumer may have moved a child, which clears its release callback.
    if let child = array.pointee.children[index] { child.pointee.release?(child) }
  }
  if let texts = array.pointee.dictionary { texts.pointee.release?(texts) }
  array.pointee.release = nil
  // Safety: `retained()` put this object there, and the callback runs once.
  Unmanaged<ArrowMemory>.fromOpaque(memory).release()
}

private func releaseSchema(_ schema: UnsafeMutablePointer<ArrowSchema>?) {
  guard let schema, let memory = schema.pointee.private_data else { return }
  for index in 0..<Int(schema.pointee.n_children) {
    if let child = schema.pointee.children[index] { child.pointee.release?(child) }
  }
  if let texts = schema.pointee.dictionary { texts.pointee.release?(texts) }
  schema.pointee.release = nil
  // Safety: `retained()` put this object there, and the callback runs once.
  Unmanaged<ArrowMemory>.fromOpaque(memory).release()
}
