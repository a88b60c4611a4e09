internal import CADBC

/// The rows of a query, fetched batch by batch. Only one thread may use it at a time.
public final class RecordBatchStream {
  private var stream: ArrowArrayStream
  private var schema: ArrowSchema
  // Rows may be in the statement's memory, so keep it alive while they are read.
  private let statement: Statement
  private let sql: String
  /// The names of the columns.
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

  /// Returns the next rows, or nil at the end.
  /// - Throws: `WarehouseError` if the engine fails while producing rows.
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

  /// Returns all remaining rows.
  public func collect() throws(WarehouseError) -> [RecordBatch] {
    var batches: [RecordBatch] = []
    while let batch = try next() { batches.append(batch) }
    return batches
  }

  /// Passes the stream to a consumer that will release it; `report` records how the reading ended.
  func relinquish(reporting report: StreamReport) -> ArrowArrayStream {
    defer { stream = ArrowArrayStream() }
    return report.watching(stream)
  }
}

/// Some rows of a result: columns of equal length with their names.
public struct RecordBatch: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The names of the columns.
  public let names: [String]
  /// The columns, in the order of `names`.
  public let columns: [Column]

  /// The column with a name, or nil.
  public subscript(name: String) -> Column? {
    names.firstIndex(of: name).map { columns[$0] }
  }
}

/// Records the error with which a stream ended while another engine read it.
///
/// An engine may treat a failed read as the end of the rows, which would silently lose the rest.
final class StreamReport {
  private var inner = ArrowArrayStream()
  /// The source's message about a failed read; nil if all rows were read.
  private(set) var failure: String?

  /// Returns a stream that passes through this report; the consumer releases it.
  func watching(_ stream: ArrowArrayStream) -> ArrowArrayStream {
    inner = stream
    var outer = ArrowArrayStream()
    outer.get_schema = { outer, schema in
      StreamReport.of(outer).call { $0.get_schema?(&$0, schema) }
    }
    outer.get_next = { outer, array in
      StreamReport.of(outer).call { $0.get_next?(&$0, array) }
    }
    outer.get_last_error = { outer in
      let report = StreamReport.of(outer)
      return report.inner.get_last_error?(&report.inner)
    }
    outer.release = { outer in
      let report = StreamReport.of(outer)
      report.inner.release?(&report.inner)
      report.inner = ArrowArrayStream()
      outer?.pointee.release = nil
      // Safety: `watching` retained the report for this one release.
      Unmanaged.passUnretained(report).release()
    }
    outer.private_data = Unmanaged.passRetained(self).toOpaque()
    return outer
  }

  private static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> StreamReport {
    guard let data = stream?.pointee.private_data else {
      preconditionFailure("a stream without its report")
    }
    // Safety: `watching` put a retained report there, and it is released only in the last call.
    return Unmanaged<StreamReport>.fromOpaque(data).takeUnretainedValue()
  }

  private func call(_ body: (inout ArrowArrayStream) -> Int32?) -> Int32 {
    let status = body(&inner) ?? 5  // EIO, for a driver that lacks the function
    if status != 0, failure == nil {
      failure =
        inner.get_last_error?(&inner).map { String(cString: $0) }
        ?? "the source stopped with status \(status)"
    }
    return status
  }
}
