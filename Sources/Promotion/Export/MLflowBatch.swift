/// What one call of MLflow's `runs/log-batch` carries, within that call's limits.
///
/// The limits are those of MLflow's REST interface: 1,000 metrics, 100 parameters and 100 tags, 1,000
/// of all together and 1 MB of JSON. Each batch holds one kind, so the sum is kept by itself.
public struct MLflowBatch: Encodable, Sendable {
  public var params: [MLflowPayload.Entry] = []
  public var metrics: [MLflowPayload.Metric] = []
  public var tags: [MLflowPayload.Entry] = []

  public static let maximumMetrics = 1000
  public static let maximumEntries = 100
  /// A megabyte less room for the run's id and the names of the fields.
  public static let maximumBytes = 1_000_000 - 1000

  /// Everything in as few batches as the limits allow, in order: parameters, metrics, tags.
  public static func batches(
    params: [MLflowPayload.Entry], metrics: [MLflowPayload.Metric], tags: [MLflowPayload.Entry]
  ) -> [MLflowBatch] {
    pieces(params, atMost: maximumEntries, bytes: bytes).map { MLflowBatch(params: $0) }
      + pieces(metrics, atMost: maximumMetrics, bytes: bytes).map { MLflowBatch(metrics: $0) }
      + pieces(tags, atMost: maximumEntries, bytes: bytes).map { MLflowBatch(tags: $0) }
  }

  private static func pieces<Item>(
    _ items: [Item], atMost count: Int, bytes: (Item) -> Int
  ) -> [[Item]] {
    var pieces: [[Item]] = []
    var filled = 0
    for item in items {
      let size = bytes(item)
      if let last = pieces.last, last.count < count, filled + size <= maximumBytes {
        pieces[pieces.count - 1].append(item)
        filled += size
      } else {
        pieces.append([item])
        filled = size
      }
    }
    return pieces
  }

  /// At least the bytes of an entry's JSON, its comma too, however a server writes it anew.
  private static func bytes(_ entry: MLflowPayload.Entry) -> Int {
    #"{"key":"","value":""},"#.utf8.count + bytes(entry.key) + bytes(entry.value)
  }

  /// 24 digits are more than any number takes, 20 more than any time.
  private static func bytes(_ metric: MLflowPayload.Metric) -> Int {
    #"{"key":"","value":,"timestamp":,"step":},"#.utf8.count + bytes(metric.key) + 24 + 20 + 20
  }

  /// A text in JSON with everything but printable ASCII as `\uXXXX`, the longest way to write it.
  private static func bytes(_ text: String) -> Int {
    text.utf16.reduce(0) { sum, unit in
      switch unit {
      case 0x22, 0x2F, 0x5C: sum + 2
      case 0x20..<0x7F: sum + 1
      default: sum + 6
      }
    }
  }
}
