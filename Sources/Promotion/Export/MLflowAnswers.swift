// What MLflow's REST interface answers, as far as an export reads it.

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
