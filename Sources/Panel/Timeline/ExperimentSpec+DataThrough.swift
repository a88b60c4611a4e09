internal import Diagnostics
internal import OrderedCollections
public import Spec

extension ExperimentSpec {
  /// The last day of which the label's source may be taken to know everything.
  public var dataThrough: CalendarDate? {
    sources[label.sourceName]?.dataThrough.map { min($0.value, asOf?.value ?? $0.value) }
  }
}
