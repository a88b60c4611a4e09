public import Diagnostics
public import Experiment
internal import Foundation
public import Runs

/// Sends runs to an MLflow server, each once.
///
/// The tag `holdout.run_id` identifies a run on the server. A run is created as running and
/// finished last, so a finished run is complete and nothing is sent again. An unfinished one was
/// left by an interrupted export: only what it lacks is sent.
public struct MLflowExport {
  /// The result of an export.
  public struct Outcome: Sendable {
    public enum Kind: Sendable { case exported, completed, alreadyThere }

    public let kind: Kind
    /// MLflow's id of the run.
    public let id: String
    /// The run's page for a browser.
    public let page: String
    public let params: Int
    public let metrics: Int
    public let tags: Int
    public let artifacts: Int
    public let bytes: Int
  }

  private let client: MLflowClient
  private let experiment: String
  private let progress: ProgressHandler

  public init(
    to server: MLflowServer, experiment: String,
    progress: @escaping ProgressHandler = { _ in }
  ) {
    client = MLflowClient(server)
    self.experiment = experiment
    self.progress = progress
  }

  /// Sends a run, or what is missing from it.
  /// - Throws: `FindingsError` when the server cannot be reached or refuses. What was sent stays
  ///   there, and the next export continues from it.
  public func send(_ payload: MLflowPayload, of run: StoredRun) throws(FindingsError) -> Outcome {
    progress(StepProgress(.server))
    let experiment = try client.experiment(self.experiment)
    guard experiment.lifecycleStage != "deleted" else {
      throw FindingsError(.deletedMLflowExperiment(self.experiment))
    }
    if !payload.artifacts.isEmpty {
      _ = try artifactFolder(experiment.artifactLocation ?? "")
    }
    let known = try client.runs(of: payload.runId, in: experiment)
    var target: MLflowRun
    var isOwn = known.isEmpty
    if let first = Self.first(known) {
      target = first
    } else {
      target = try client.createRun(payload, in: experiment)
    }
    while !target.isFinished {
      let missing = try Missing(payload, in: target)
      try fill(target, with: missing, payload, of: run)
      // Another export may have created a run at the same moment; all exports must choose the same
      // one.
      let all = try client.runs(of: payload.runId, in: experiment)
      guard let first = Self.first(all), first.info.runId != target.info.runId else {
        try client.finishRun(target.info.runId, at: payload.endTime)
        let kind: Outcome.Kind = known.isEmpty ? .exported : .completed
        return outcome(kind, target, experiment, (payload, missing))
      }
      if isOwn { try client.deleteRun(target.info.runId) }
      isOwn = false
      target = first
    }
    return outcome(.alreadyThere, target, experiment, nil)
  }

  private func fill(
    _ target: MLflowRun, with missing: Missing, _ payload: MLflowPayload, of run: StoredRun
  ) throws(FindingsError) {
    let batches = MLflowBatch.batches(
      params: missing.params, metrics: missing.metrics, tags: missing.tags)
    for (index, batch) in batches.enumerated() {
      progress(StepProgress(.parameters, done: index, of: batches.count))
      try client.log(batch, to: target.info.runId)
    }
    try upload(payload.artifacts, of: run, to: target)
  }

  /// The run that every export of a Holdout run chooses: a finished one, otherwise the earliest.
  private static func first(_ runs: [MLflowRun]) -> MLflowRun? {
    func age(_ run: MLflowRun) -> (String, String) {
      let tag = run.data?.tags?.first { $0.key == MLflowPayload.exportedTag }
      return (tag?.value ?? "", run.info.runId)
    }
    return runs.first(where: \.isFinished) ?? runs.min { age($0) < age($1) }
  }

  private func upload(
    _ artifacts: [MLflowPayload.Artifact], of run: StoredRun, to target: MLflowRun
  ) throws(FindingsError) {
    guard !artifacts.isEmpty else { return }
    let folder = try artifactFolder(target.info.artifactUri ?? "")
    for (index, artifact) in artifacts.enumerated() {
      progress(StepProgress(.files, done: index, of: artifacts.count))
      let path = "\(folder)/\(artifact.path)"
      let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
      try client.upload(run.path(artifact.path), to: escaped)
    }
  }

  /// The path of an artifact address, relative to the server's artifact store.
  /// - Throws: `FindingsError` when the artifact store is not served by this server.
  private func artifactFolder(_ location: String) throws(FindingsError) -> String {
    let address = client.server.address
    for root in ["mlflow-artifacts:", "\(address)/api/2.0/mlflow-artifacts/artifacts"]
    where location.hasPrefix(root) {
      let rest = location.dropFirst(root.count)
      let host = address.range(of: "://").map { address[$0.upperBound...].prefix { $0 != "/" } }
      if rest.hasPrefix("//"), let host, rest.dropFirst(2).prefix(while: { $0 != "/" }) != host {
        continue
      }
      let path = rest.hasPrefix("//") ? rest.dropFirst(2).drop { $0 != "/" } : rest
      return path.split(separator: "/").joined(separator: "/")
    }
    throw FindingsError(.artifactsElsewhere(location))
  }

  private func outcome(
    _ kind: Outcome.Kind, _ run: MLflowRun, _ experiment: MLflowExperiment,
    _ sent: (payload: MLflowPayload, missing: Missing)?
  ) -> Outcome {
    let artifacts = sent?.payload.artifacts ?? []
    return Outcome(
      kind: kind, id: run.info.runId,
      page: "\(client.server.address)/#/experiments/\(experiment.experimentId)"
        + "/runs/\(run.info.runId)",
      params: sent?.missing.params.count ?? 0, metrics: sent?.missing.metrics.count ?? 0,
      tags: sent?.missing.tags.count ?? 0, artifacts: artifacts.count,
      bytes: artifacts.reduce(0) { $0 + $1.bytes })
  }
}

/// The parts of a payload that a run in MLflow still lacks.
private struct Missing {
  let params: [MLflowPayload.Entry]
  let metrics: [MLflowPayload.Metric]
  let tags: [MLflowPayload.Entry]

  /// - Throws: `FindingsError` when the run in MLflow has another value, which someone else has
  ///   written.
  init(_ payload: MLflowPayload, in run: MLflowRun) throws(FindingsError) {
    func values(_ entries: [MLflowRun.Entry]?) -> [String: String] {
      Dictionary((entries ?? []).map { ($0.key, $0.value ?? "") }) { first, _ in first }
    }
    let knownParams = values(run.data?.params)
    let knownTags = values(run.data?.tags)
    let knownMetrics = Dictionary((run.data?.metrics ?? []).map { ($0.key, $0.value) }) {
      first, _ in first
    }
    for param in payload.params {
      if let known = knownParams[param.key], known != param.value {
        throw FindingsError(.otherValueInMLflow(run.info.runId, "parameter", param.key))
      }
    }
    for metric in payload.metrics {
      // A store may round the last digit.
      if let known = knownMetrics[metric.key],
        abs(known - metric.value) > 1e-12 * abs(metric.value)
      {
        throw FindingsError(.otherValueInMLflow(run.info.runId, "metric", metric.key))
      }
    }
    params = payload.params.filter { knownParams[$0.key] == nil }
    metrics = payload.metrics.filter { knownMetrics[$0.key] == nil }
    tags = payload.tags.filter { knownTags[$0.key] != $0.value }
  }
}
