internal import Diagnostics
internal import Foundation

/// The part of MLflow's REST API that an export needs: one method per call.
///
/// A response of 429, 500, 502, 503 or 504 is retried three times, after 0.5, 1 and 2 seconds or
/// the time in `Retry-After`, at most 30 seconds. A broken connection is not retried: it is unknown
/// whether the call took effect, and the next export finds out.
struct MLflowClient {
  let server: MLflowServer
  private let http: HTTPClient

  init(_ server: MLflowServer) {
    self.server = server
    http = HTTPClient(authorization: server.authorization, timeout: server.timeout)
  }

  // MARK: - Calls

  /// The experiment with a name, created if there is none.
  func experiment(_ name: String) throws(FindingsError) -> MLflowExperiment {
    if let found = try experimentByName(name) { return found }
    struct Name: Encodable { let name: String }
    let made: Result<MLflowNothing, MLflowRefusal> = try call(
      "POST", "experiments/create", body: Name(name: name))
    // Another export may have created it in between.
    if case .failure(let refusal) = made, refusal.errorCode != "RESOURCE_ALREADY_EXISTS" {
      throw FindingsError(.refusedByMLflow(refusal, call: "experiments/create"))
    }
    guard let found = try experimentByName(name) else {
      throw FindingsError(
        .notMLflow(server.address, "it created the experiment `\(name)` but cannot find it"))
    }
    return found
  }

  private func experimentByName(_ name: String) throws(FindingsError) -> MLflowExperiment? {
    struct Answer: Decodable { let experiment: MLflowExperiment }
    let allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "!"..."~"))
    let query = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? name
    let answer: Result<Answer, MLflowRefusal> = try call(
      "GET", "experiments/get-by-name?experiment_name=\(query)")
    switch answer {
    case .success(let answer): return answer.experiment
    case .failure(let refusal) where refusal.errorCode == "RESOURCE_DOES_NOT_EXIST": return nil
    case .failure(let refusal):
      throw FindingsError(.refusedByMLflow(refusal, call: "experiments/get-by-name"))
    }
  }

  /// The runs of an experiment that carry the id of a Holdout run, not counting deleted ones.
  func runs(
    of runId: String, in experiment: MLflowExperiment
  ) throws(FindingsError) -> [MLflowRun] {
    struct Search: Encodable {
      let experimentIds: [String]
      let filter: String
      let maxResults = 100
    }
    struct Answer: Decodable { let runs: [MLflowRun]? }
    let answer: Answer = try required(
      "runs/search",
      Search(
        experimentIds: [experiment.experimentId],
        filter: "tags.`\(MLflowPayload.runIdTag)` = '\(runId)'"))
    return answer.runs ?? []
  }

  func createRun(
    _ payload: MLflowPayload, in experiment: MLflowExperiment
  ) throws(FindingsError) -> MLflowRun {
    struct Creation: Encodable {
      let experimentId: String
      let runName: String
      let startTime: Int64
      let tags: [MLflowPayload.Entry]
    }
    struct Answer: Decodable { let run: MLflowRun }
    let answer: Answer = try required(
      "runs/create",
      Creation(
        experimentId: experiment.experimentId, runName: payload.runName,
        startTime: payload.startTime,
        tags: payload.tags.filter { $0.key == MLflowPayload.runIdTag } + [
          MLflowPayload.Entry(
            key: MLflowPayload.exportedTag,
            value: Date.now.ISO8601Format(.init(includingFractionalSeconds: true)))
        ]))
    return answer.run
  }

  func deleteRun(_ id: String) throws(FindingsError) {
    struct Deletion: Encodable { let runId: String }
    let _: MLflowNothing = try required("runs/delete", Deletion(runId: id))
  }

  func log(_ batch: MLflowBatch, to id: String) throws(FindingsError) {
    struct Logging: Encodable {
      let runId: String
      let params: [MLflowPayload.Entry]
      let metrics: [MLflowPayload.Metric]
      let tags: [MLflowPayload.Entry]
    }
    let _: MLflowNothing = try required(
      "runs/log-batch",
      Logging(runId: id, params: batch.params, metrics: batch.metrics, tags: batch.tags))
  }

  func finishRun(_ id: String, at time: Int64) throws(FindingsError) {
    struct Update: Encodable {
      let runId: String
      let status = "FINISHED"
      let endTime: Int64
    }
    let _: MLflowNothing = try required("runs/update", Update(runId: id, endTime: time))
  }

  /// Uploads a file to the server's artifact store, replacing one with the same name.
  func upload(_ file: String, to path: String) throws(FindingsError) {
    let address = "\(server.address)/api/2.0/mlflow-artifacts/artifacts/\(path)"
    let response = try send(
      HTTPClient.Request(method: "PUT", address: address, body: .file(file)))
    if (200..<300).contains(response.status) { return }
    if [404, 405, 501, 503].contains(response.status) {
      throw FindingsError(.noArtifactsByServer(server.address, Self.words(response.body)))
    }
    throw FindingsError(unfit(response, call: "mlflow-artifacts/artifacts"))
  }

  // MARK: - Sending

  private func required<Answer: Decodable>(
    _ path: String, _ body: some Encodable
  ) throws(FindingsError) -> Answer {
    let answer: Result<Answer, MLflowRefusal> = try call("POST", path, body: body)
    switch answer {
    case .success(let answer): return answer
    case .failure(let refusal): throw FindingsError(.refusedByMLflow(refusal, call: path))
    }
  }

  /// Makes a call; the caller handles refusals by MLflow itself.
  private func call<Answer: Decodable>(
    _ method: String, _ path: String, body: (some Encodable)? = MLflowNothing?.none
  ) throws(FindingsError) -> Result<Answer, MLflowRefusal> {
    var request = HTTPClient.Request(
      method: method, address: "\(server.address)/api/2.0/mlflow/\(path)")
    if let body {
      // A body holds strings and finite numbers, which JSON can always encode.
      guard let json = try? JSONDocument.record(body) else {
        preconditionFailure("a number that is not finite")
      }
      request.body = .json(json)
    }
    let response = try send(request)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let call = String(path.prefix { $0 != "?" })
    if (200..<300).contains(response.status) {
      if let answer = try? decoder.decode(Answer.self, from: response.body) {
        return .success(answer)
      }
      throw FindingsError(
        .notMLflow(server.address, "its answer to \(call) is not from MLflow", response.excerpt))
    }
    if ![401, 403].contains(response.status),
      let refusal = try? decoder.decode(MLflowRefusal.self, from: response.body)
    {
      return .failure(refusal)
    }
    throw FindingsError(unfit(response, call: call))
  }

  /// The finding for a response that is neither the expected answer nor a refusal by MLflow.
  private func unfit(_ response: HTTPClient.Response, call: String) -> Finding {
    switch response.status {
    case 401, 403:
      .deniedByMLflow(
        server.address, status: response.status, isKnown: server.authorization != nil)
    case 300..<400:
      .notMLflow(
        server.address,
        "it redirects to: "
          + MLflowServer.withoutCredentials(
            response.location.isEmpty ? "nowhere" : response.location))
    case 413, 429, 500...:
      .failingMLflow(server.address, call: call, status: response.status, response.excerpt)
    default:
      .notMLflow(server.address, "it answers \(call) with \(response.status)", response.excerpt)
    }
  }

  private static let waits: [Double] = [0.5, 1, 2]

  private func send(_ request: HTTPClient.Request) throws(FindingsError) -> HTTPClient.Response {
    var attempt = 0
    while true {
      let response: HTTPClient.Response
      do {
        response = try http.send(request)
      } catch {
        throw FindingsError(.unreachableMLflow(server.address, error))
      }
      guard [429, 500, 502, 503, 504].contains(response.status), attempt < Self.waits.count,
        !response.excerpt.contains("serve-artifacts")
      else { return response }
      let asked = Double(response.retryAfter) ?? Self.waits[attempt]
      Thread.sleep(forTimeInterval: min(30, max(0, asked.isFinite ? asked : Self.waits[attempt])))
      attempt += 1
    }
  }

  static func words(_ body: Data) -> String {
    let text = String(decoding: body.prefix(4000), as: UTF8.self)
      .replacing(#/<[^>]*>/#, with: " ")
    return MLflowName.cut(text.split { $0.isWhitespace }.joined(separator: " "), to: 300)
  }
}

extension HTTPClient.Response {
  /// The beginning of the body on one line, without HTML tags.
  var excerpt: String { MLflowClient.words(body) }
}

// The parts of MLflow's responses that an export reads.

struct MLflowExperiment: Decodable, Sendable {
  let experimentId: String
  let artifactLocation: String?
  let lifecycleStage: String?
}

struct MLflowRun: Decodable, Sendable {
  struct Info: Decodable, Sendable {
    let runId: String
    let status: String?
    let startTime: Int64?
    let artifactUri: String?
  }

  struct Metric: Decodable, Sendable {
    let key: String
    let value: Double
  }

  struct Entry: Decodable, Sendable {
    let key: String
    let value: String?
  }

  struct Content: Decodable, Sendable {
    let metrics: [Metric]?
    let params: [Entry]?
    let tags: [Entry]?
  }

  let info: Info
  let data: Content?

  var isFinished: Bool { info.status == "FINISHED" }
}

struct MLflowNothing: Codable, Sendable {}

/// An error that MLflow itself reports.
struct MLflowRefusal: Error, Decodable {
  let errorCode: String
  let message: String?
}
