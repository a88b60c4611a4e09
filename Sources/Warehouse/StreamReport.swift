internal import CADBC

/// Watches a stream that another engine reads, and keeps the error it ended with.
///
/// An engine may take a failed read for the end of the rows, which would silently lose the rest.
final class StreamReport {
  private var inner = ArrowArrayStream()
  /// What the source said when a read failed; nil: all rows were read.
  private(set) var failure: String?

  /// The stream with this report in between; the consumer releases it.
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
    // Safety: `watching` put a retained report there, and release is the last call.
    return Unmanaged<StreamReport>.fromOpaque(data).takeUnretainedValue()
  }

  private func call(_ body: (inout ArrowArrayStream) -> Int32?) -> Int32 {
    let status = body(&inner) ?? 5  // EIO: a driver that left the function out
    if status != 0, failure == nil {
      failure =
        inner.get_last_error?(&inner).map { String(cString: $0) }
        ?? "the source stopped with status \(status)"
    }
    return status
  }
}
