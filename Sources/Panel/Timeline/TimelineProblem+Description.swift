internal import Spec

extension Timeline.Problem: CustomStringConvertible {
  /// What is wrong, for the case that a spec was not checked first.
  public var description: String {
    switch self {
    case .unobserved(let source): "nobody knows until when `\(source)` has seen events"
    case .notOnGrid(let day, let nearest):
      "the last cutoff, \(day), is not a day of its cadence; \(nearest) is"
    case .immature(let day, let windowEnd, let dataThrough):
      "the labels of \(day) are settled on \(windowEnd), and the data end on \(dataThrough)"
    case .tooShort(let available, let needed, _, _):
      "there are \(available) cutoffs, and \(needed) are needed"
    case .standstill(let fold, let last):
      "folds \(fold - 1) and \(fold) both end with the cutoff \(last)"
    }
  }
}
