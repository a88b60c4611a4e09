public import Experiment
internal import Spec

extension WorkStep {
  /// The step, for people.
  public var words: String {
    switch self {
    case .stage(let stage): stage.rawValue
    case .auditPreparation: "preparing"
    case .check(let id): id.rawValue
    case .source(let name): "reading \(name)"
    case .trials: "trials"
    case .timeFold: "newest fold over time"
    case .results: "reading results"
    case .predictions: "reading predictions"
    case .rescoring(let reference): "scoring \(reference) again"
    case .resampling: "resampling"
    case .server: "asking the server"
    case .parameters: "sending parameters, metrics and tags"
    case .files: "sending files"
    case .registry: "registry"
    case .publishedLists: "published lists"
    case .sources: "sources"
    case .list(let cutoff): "cutoff \(cutoff)"
    case .outcomes: "outcomes"
    case .intervals: "intervals"
    case .weeks: "weeks"
    case .profiles: "profiles"
    case .openLists: "open lists"
    case .purchases: "purchases"
    case .estimate: "estimate"
    }
  }
}
