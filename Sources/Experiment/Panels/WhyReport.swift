internal import Diagnostics
internal import Foundation
internal import Panel
internal import Runs
public import Spec
internal import Warehouse

/// The parts that a run of a spec would have to make again, stage by stage, and why.
public struct WhyReport: Codable, Sendable {
  public struct Stage: Codable, Sendable {
    /// `run`, `cohort`, `label`, `feature NAME` or `segment NAME`.
    public let stage: String
    /// How many of the stage's parts (its cutoffs) are in the cache, and how many there are.
    public let hits: Int
    public let parts: Int
    /// The first input that differs from the spec's last run; nil when all parts are in the cache
    /// or no last run is known.
    public let differs: String?

    public var isHit: Bool { hits == parts }
  }

  public let name: String
  public let stages: [Stage]
  /// Why nothing is known; nil when `stages` has the answer.
  public let unknown: String?
}

extension ExperimentRunner {
  /// Reports what a run would find in the cache, without loading any source.
  /// - Throws: `FindingsError` for expressions that cannot be parsed.
  public func why(_ experiment: ResolvedExperiment) throws -> WhyReport {
    let name = experiment.spec.name.value
    let engine = try NativeLibraries.engine(threads: 1)
    let plan = try PanelPlan(
      experiment.spec, project: project.spec, folder: project.folder, engine: engine)
    let maker = panels
    guard let data = maker.data(plan) else {
      return WhyReport(
        name: name, stages: [],
        unknown:
          "the rows of its sources must be read first: they come from a connection or a query, or "
          + "their file has changed since the last read"
      )
    }
    // An experiment that arguments have changed, and that has not been run yet, is compared with
    // the one in its file.
    let own = RunTrace.last(of: name, cache)
    let last = own ?? RunTrace.last(of: String(name.prefix { $0 != "@" }), cache)
    let folder = ResultsFolder(project.resultsFolder(of: name))
    let run = try runInputs(experiment, data: data, engine: engine.version, refitting: false)
    let isKept = RunReuse(cache: cache).summary(run, in: folder) != nil
    var stages = [
      WhyReport.Stage(
        stage: "run", hits: isKept ? 1 : 0, parts: 1,
        differs: isKept
          ? nil
          : run.firstDifference(
            from: last?.stages["run"], but: own == nil ? "`name` of the spec" : nil))
    ]
    let inputs = PanelInputs(
      experiment, plan: plan, cache: cache, engine: engine.version, contents: data.contents)
    let cutoffs: [Cutoff]
    do {
      cutoffs = try maker.cutoffs(experiment.spec)
    } catch let problem as Timeline.Problem {
      // A list of cutoffs may be too short, whatever the data.
      return WhyReport(name: name, stages: [], unknown: problem.description)
    }
    func stage(
      _ name: String, _ now: CacheInputs?, at cutoffs: [Cutoff], _ part: (Cutoff) -> CacheInputs?
    ) {
      let hits = cutoffs.count { part($0).map(cache.has) ?? true }
      stages.append(
        WhyReport.Stage(
          stage: name, hits: hits, parts: cutoffs.count,
          differs: hits == cutoffs.count
            ? nil : now?.firstDifference(from: last?.stages[name])))
    }
    let trace = RunTrace(run: run, inputs: inputs, spec: experiment.spec, cutoffs: cutoffs)
    stage("cohort", trace.stages["cohort"], at: cutoffs) { inputs.entities($0) }
    stage("label", trace.stages["label"], at: cutoffs) { inputs.labels($0) }
    for (index, feature) in experiment.spec.features.enumerated()
    where inputs.feature(index) != nil {
      let name = "feature \(feature.name.value)"
      stage(name, trace.stages[name], at: cutoffs) { inputs.feature(index, $0) }
    }
    for (offset, column) in experiment.spec.segmentColumns.enumerated() {
      let name = "segment \(column.name.value)"
      let index = experiment.spec.features.count + offset
      stage(name, trace.stages[name], at: cutoffs.filter { $0.role == .test }) {
        inputs.feature(index, $0)
      }
    }
    return WhyReport(name: name, stages: stages, unknown: nil)
  }
}
