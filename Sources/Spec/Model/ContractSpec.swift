public import Diagnostics

/// What a source's data promise, to be checked before anything is trained.
public struct ContractSpec: Sendable {
  public enum Promise: Sendable {
    /// None of these columns is ever null.
    case notNull([Located<String>])
    /// No two rows agree in all of these columns.
    case unique([Located<String>])
    /// The column holds only these values, as text.
    case acceptedValues([String], column: Located<String>)
    /// The column's values lie in this closed range; both ends as written.
    case between(low: Located<String>, high: Located<String>, column: Located<String>)
    /// Every value matches this regular expression.
    case matches(Located<String>, column: Located<String>)
    /// The share of nulls is below this, in (0, 1].
    case nullRateBelow(Located<Double>, column: Located<String>)
    /// There are this many rows.
    case rowCount(ClosedRange<Int>)
    /// The column's latest date is at most this far from data_through.
    case freshWithin(Located<Period>, column: Located<String>)
    /// These dates are never after data_through.
    case noFuture([Located<String>])
    /// Every value of the column stands in another source's column.
    case relationship(Located<ColumnReference>, column: Located<String>)
  }

  public var promise: Promise
  /// The whole contract.
  public var span: SourceSpan
}
