import Diagnostics

// Findings about exports to MLflow: H650 to H657.
extension Finding {
  static func noMLflowAddress() -> Finding {
    Finding(
      650, "no MLflow server is named",
      hints: ["give its address with `--uri http://host:5000`, or set MLFLOW_TRACKING_URI"])
  }

  static func unusableMLflowAddress(_ address: String, _ reason: String) -> Finding {
    Finding(
      650, "`\(address)` cannot be used as an MLflow server: \(reason)",
      hints: [
        "expected http://HOST:PORT or https://HOST/PATH; for a folder or a database, start "
          + "`mlflow server --backend-store-uri ...` on it"
      ])
  }

  static func unusableMLflowVariable(_ name: String, _ reason: String) -> Finding {
    Finding(
      650, "the environment variable \(name) \(reason)",
      hints: ["correct it, or unset the MLFLOW_ variables that are not meant for this server"])
  }

  static func unreachableMLflow(_ address: String, _ failure: HTTPClient.Failure) -> Finding {
    let (message, hint) =
      switch failure.kind {
      case .noCurl:
        ("is not asked, as curl is not installed", "install it: sudo apt-get install curl")
      case .notReached:
        ("cannot be reached", "check the address, and that the server runs")
      case .timedOut:
        (
          "does not answer in time",
          "run the export again; MLFLOW_HTTP_REQUEST_TIMEOUT sets the seconds to wait"
        )
      case .lost:
        (
          "ended the connection",
          "run the export again: it goes on where this one stopped"
        )
      case .encryption:
        (
          "cannot be spoken to in secret",
          "for a certificate of your own, see update-ca-certificates; a server without one is http://"
        )
      }
    return Finding(
      651, "the MLflow server at \(address) \(message)", notes: [failure.reason], hints: [hint])
  }

  static func deniedByMLflow(_ address: String, status: Int, isKnown: Bool) -> Finding {
    let hint =
      isKnown
      ? "check the user and password or the token, and that they may write to the experiment"
      : "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
    return Finding(
      652, "the MLflow server at \(address) does not let this user in (\(status))", hints: [hint])
  }

  static func notMLflow(_ address: String, _ reason: String, _ excerpt: String = "") -> Finding {
    Finding(
      653, "what answers at \(address) is not an MLflow server: \(reason)",
      notes: excerpt.isEmpty ? [] : ["it says: \(excerpt)"],
      hints: [
        "give the address that MLflow's own clients use, with its path and https where needed"
      ])
  }

  static func refusedByMLflow(_ refusal: MLflowRefusal, call: String) -> Finding {
    Finding(
      654, "MLflow refuses \(call): \(refusal.errorCode)",
      notes: refusal.message.map { ["it says: \(MLflowName.cut($0, to: 600))"] } ?? [],
      hints: ["mend what it names, then run the export again: it goes on where this one stopped"])
  }

  static func failingMLflow(
    _ address: String, call: String, status: Int, _ excerpt: String
  ) -> Finding {
    Finding(
      654, "the MLflow server at \(address) fails at \(call) (\(status))",
      notes: excerpt.isEmpty ? [] : ["it says: \(excerpt)"],
      hints: [
        status == 413
          ? "a proxy in front of it limits the size of requests; raise that limit, or leave files "
            + "out with --artifacts"
          : "look into the server's log; then run the export again: it goes on where this one stopped"
      ])
  }

  static func artifactsElsewhere(_ location: String) -> Finding {
    Finding(
      655,
      "files cannot be sent: the experiment keeps them at "
        + "`\(MLflowServer.withoutCredentials(location))`, not behind the MLflow server",
      hints: [
        "name another experiment with --experiment, on a server started with --serve-artifacts",
        "or send everything but files, with `--artifacts none`",
      ])
  }

  static func noArtifactsByServer(_ address: String, _ excerpt: String) -> Finding {
    Finding(
      655, "files cannot be sent: the MLflow server at \(address) takes none",
      notes: excerpt.isEmpty ? [] : ["it says: \(excerpt)"],
      hints: [
        "start it with --serve-artifacts, or send everything but files with `--artifacts none`"
      ])
  }

  static func otherValueInMLflow(_ id: String, _ kind: String, _ key: String) -> Finding {
    Finding(
      656, "MLflow's run \(id) holds another value for the \(kind) `\(key)`",
      notes: ["it bears this run's id, and somebody else has written to it"],
      hints: ["delete that run in MLflow, then run the export again"])
  }

  static func deletedMLflowExperiment(_ name: String) -> Finding {
    Finding(
      657, "the experiment `\(name)` is deleted in MLflow",
      hints: [
        "restore it there, or name another with --experiment; MLflow keeps a deleted one's name"
      ])
  }
}
