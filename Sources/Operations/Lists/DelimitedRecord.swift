internal import Diagnostics

/// A record of a CSV file.
struct DelimitedRecord {
  /// At least one; without their quotes.
  var fields: [String]
  /// From the first byte of the first field to the last one of the last.
  var span: SourceSpan
}
