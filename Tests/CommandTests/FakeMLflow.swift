import Foundation
import Synchronization

/// MLflow's REST interface in memory, as far as an export uses it, with its limits and its rules:
/// a parameter is written once, a metric that is logged again is there twice.
final class FakeMLflow: Sendable {
  struct Run: Equatable, Sendable {
    var status = "RUNNING"
    var startTime: Int64 = 0
    var endTime: Int64?
    var params: [String: String] = [:]
    /// Every value that was logged.
    var metrics: [String: [Double]] = [:]
    var tags: [String: String] = [:]
  }

  struct State: Sendable {
    var experiments: [String: String] = [:]
    var runs: [String: Run] = [:]
    var files: [String: Data] = [:]
    var calls: [String] = []
    /// The values of the Authorization header, one per call.
    var authorizations: [String?] = []
  }

  struct Refusal: Error {
    let code: String
    let message: String
    var status = 400
  }

  private let state = Mutex(State())
  let artifactRoot: String

  init(artifactRoot: String = "mlflow-artifacts:") { self.artifactRoot = artifactRoot }

  var snapshot: State { state.withLock { $0 } }

  /// Answers a request and remembers it.
  func answer(_ request: FakeServer.Request) -> FakeServer.Response {
    do {
      return try state.withLock { state in
        state.calls.append("\(request.method) \(request.path)")
        state.authorizations.append(request.headers["authorization"])
        let files = "/api/2.0/mlflow-artifacts/artifacts/"
        if request.method == "PUT", request.path.hasPrefix(files) {
          state.files[String(request.path.dropFirst(files.count))] = request.body
          return try .json([:])
        }
        let call = request.path.replacing("/api/2.0/mlflow/", with: "")
        return try .json(try Self.answer(call, request, &state, artifactRoot))
      }
    } catch let refusal as Refusal {
      let body = ["error_code": refusal.code, "message": refusal.message]
      return (try? .json(body, status: refusal.status)) ?? FakeServer.Response(status: 500)
    } catch {
      return FakeServer.Response(status: 500)
    }
  }

  private static func answer(
    _ call: String, _ request: FakeServer.Request, _ state: inout State, _ root: String
  ) throws -> [String: Any] {
    if request.body.count > 1_000_000 { throw refusal("the request is over 1 MB") }
    let body =
      request.body.isEmpty
      ? [:] : try JSONSerialization.jsonObject(with: request.body) as? [String: Any] ?? [:]
    let id = body["run_id"] as? String ?? ""
    switch call {
    case "experiments/get-by-name":
      let query = request.target.split(separator: "=").last ?? ""
      guard let name = String(query).removingPercentEncoding, let id = state.experiments[name]
      else { throw Refusal(code: "RESOURCE_DOES_NOT_EXIST", message: "no such name", status: 404) }
      return [
        "experiment": [
          "experiment_id": id, "name": name, "artifact_location": "\(root)/\(id)",
          "lifecycle_stage": "active",
        ]
      ]
    case "experiments/create":
      let name = body["name"] as? String ?? ""
      if state.experiments[name] != nil {
        throw Refusal(code: "RESOURCE_ALREADY_EXISTS", message: "it is there")
      }
      let id = String(state.experiments.count + 1)
      state.experiments[name] = id
      return ["experiment_id": id]
    case "runs/search":
      let filter = body["filter"] as? String ?? ""
      let runs = state.runs.filter { _, run in
        filter == "tags.`holdout.run_id` = '\(run.tags["holdout.run_id"] ?? "")'"
      }
      return runs.isEmpty ? [:] : ["runs": runs.map { described($0.key, $0.value, root) }]
    case "runs/create":
      let id = "run\(state.runs.count + 1)"
      state.runs[id] = Run(startTime: (body["start_time"] as? NSNumber)?.int64Value ?? 0)
      try write(body, to: &state.runs[id])
      return ["run": state.runs[id].map { described(id, $0, root) } ?? [:]]
    case "runs/log-batch":
      let numbers = try JSONDecoder().decode(Metrics.self, from: request.body).metrics ?? []
      try write(body, numbers: numbers, to: &state.runs[id])
      return [:]
    case "runs/update":
      state.runs[id]?.status = body["status"] as? String ?? ""
      state.runs[id]?.endTime = (body["end_time"] as? NSNumber)?.int64Value
      return [:]
    case "runs/delete":
      state.runs[id] = nil
      return [:]
    default: throw Refusal(code: "ENDPOINT_NOT_FOUND", message: call, status: 404)
    }
  }

  /// JSONSerialization rounds the last digit of a number; a decoder does not.
  private struct Metrics: Decodable {
    struct Metric: Decodable {
      let key: String
      let value: Double
    }
    let metrics: [Metric]?
  }

  private static func write(
    _ body: [String: Any], numbers: [Metrics.Metric] = [], to run: inout Run?
  ) throws {
    guard var changed = run else {
      throw Refusal(code: "RESOURCE_DOES_NOT_EXIST", message: "no such run", status: 404)
    }
    func list(_ name: String, atMost count: Int) throws -> [[String: Any]] {
      let list = body[name] as? [[String: Any]] ?? []
      if list.count > count { throw refusal("too many \(name): \(list.count)") }
      for key in list.compactMap({ $0["key"] as? String }) where key.utf8.count > 250 {
        throw refusal("the key is too long: \(key)")
      }
      return list
    }
    for param in try list("params", atMost: 100) {
      let (key, value) = (param["key"] as? String ?? "", param["value"] as? String ?? "")
      if value.utf8.count > 6000 { throw refusal("the parameter \(key) is too long") }
      if let old = changed.params[key], old != value { throw refusal("\(key) is written once") }
      changed.params[key] = value
    }
    _ = try list("metrics", atMost: 1000)
    for metric in numbers { changed.metrics[metric.key, default: []].append(metric.value) }
    for tag in try list("tags", atMost: 100) {
      let (key, value) = (tag["key"] as? String ?? "", tag["value"] as? String ?? "")
      if value.utf8.count > 5000 { throw refusal("the tag \(key) is too long") }
      changed.tags[key] = value
    }
    run = changed
  }

  private static func described(_ id: String, _ run: Run, _ root: String) -> [String: Any] {
    func entries(_ values: [String: some Any]) -> [[String: Any]] {
      values.map { ["key": $0.key, "value": $0.value] }
    }
    return [
      "info": [
        "run_id": id, "status": run.status, "start_time": run.startTime,
        "artifact_uri": "\(root)/1/\(id)/artifacts",
      ],
      "data": [
        "params": entries(run.params), "metrics": entries(run.metrics.compactMapValues(\.last)),
        "tags": entries(run.tags),
      ],
    ]
  }

  private static func refusal(_ message: String) -> Refusal {
    Refusal(code: "INVALID_PARAMETER_VALUE", message: message)
  }
}
