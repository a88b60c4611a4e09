internal import CADBC

/// The rows of a query, fetched batch by batch; used by one thread at a time.
public final class RecordBatchStream {
  private var stream: ArrowArrayStream
  private var schema: ArrowSchema
  // Rows may live in the statement's memory, so it is kept as long as they are read.
  private let statement: Statement
  private let sql: String
  /// The columns' names.
  public let names: [String]

  init(owning source: ArrowArrayStream, of statement: Statement, sql: String)
    throws(WarehouseError)
  {
    var stream = source
    var schema = ArrowSchema()
    // A statement without a result may leave the stream empty.
    if let getSchema = stream.get_schema {
      let status = getSchema(&stream, &schema)
      guard status == 0 else {
        let message = stream.get_last_error?(&stream).map { String(cString: $0) }
        stream.release?(&stream)
        throw EngineMessage(message ?? "the result's columns cannot be read (\(status))")
          .error(.query, statement: sql)
      }
    }
    names = (0..<Int(schema.n_children)).map { index in
      schema.children[index].flatMap { $0.pointee.name }.map { String(cString: $0) } ?? ""
    }
    self.stream = stream
    self.schema = schema
    self.statement = statement
    self.sql = sql
  }

  deinit {
    schema.release?(&schema)
    stream.release?(&stream)
  }

  /// The next rows, or nil at the end.
  /// - Throws: `WarehouseError` when the engine fails on the way.
  public func next() throws(WarehouseError) -> RecordBatch? {
    guard let getNext = stream.get_next else { return nil }
    var array = ArrowArray()
    let status = getNext(&stream, &array)
    guard status == 0 else {
      let message = stream.get_last_error?(&stream).map { String(cString: $0) }
      throw EngineMessage(message ?? "the engine stopped with status \(status)")
        .error(.query, statement: sql)
    }
    guard array.release != nil else { return nil }
    defer { array.release(&array) }
    var columns: [Column] = []
    for index in 0..<Int(array.n_children) {
      guard let child = array.children[index], let field = schema.children[index] else { continue }
      columns.append(
        try Column(
          child.pointee, format: String(cString: field.pointee.format),
          name: names[index], rowCount: Int(array.length), parentOffset: Int(array.offset)))
    }
    return RecordBatch(rowCount: Int(array.length), names: names, columns: columns)
  }

  /// All remaining rows.
  public func collect() throws(WarehouseError) -> [RecordBatch] {
    var batches: [RecordBatch] = []
    while let batch = try next() { batches.append(batch) }
    return batches
  }

  /// Hands the stream to a consumer that will release it; `report` learns how the reading ended.
  func relinquish(reporting report: StreamReport) -> ArrowArrayStream {
    defer { stream = ArrowArrayStream() }
    return report.watching(stream)
  }
}
