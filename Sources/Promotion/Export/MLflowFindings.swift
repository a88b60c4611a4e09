import Diagnostics

// Findings about exports to MLflow: H650 to H657.
extension Finding {
  static func noMLflowAddress() -> Finding {
    Finding(
      650, "there is no address of an MLflow server",
      hints: ["give its address with `--uri http://host:5000`, or set MLFLOW_TRACKING_URI"])
  }

  static func unusableMLflowAddress(_ address: String, _ reason: String) -> Finding {
    Finding(
      650, "`\(address)` cannot be used as an MLflow server: \(reason)",
      hints: [
        "expected http://HOST:PORT or https://HOST/PATH; for a folder or a database, start `mlflow "
          + "server --backend-store-uri ...` with it"
      ])
  }

  static func unusableMLflowVariable(_ name: String, _ reason: String) -> Finding {
    Finding(
      650, "the environment variable \(name) \(reason)",
      hints: ["correct it, or unset MLFLOW_ variables that are not for this server"])
  }

  static func unreachableMLflow(_ address: String, _ failure: HTTPClient.Failure) -> Finding {
    let (message, hint) =
      switch failure.kind {
      case .noCurl:
        ("cannot be reached because curl is not installed", "install it: sudo apt-get install curl")
      case .notReached:
        ("cannot be reached", "check the address, and that the server is running")
      case .timedOut:
        (
          "does not answer in time",
          "run the export again; MLFLOW_HTTP_REQUEST_TIMEOUT sets the seconds to wait"
        )
      case .lost:
        (
          "ended the connection",
          "run the export again: it continues where this one stopped"
        )
      case .encryption:
        (
          "has no secure connection",
          "for your own certificate, see update-ca-certificates; for a server without one, use "
            + "http://"
        )
      }
    return Finding(
      651, "the MLflow server at \(address) \(message)", notes: [failure.reason], hints: [hint])
  }

  static func deniedByMLflow(_ address: String, status: Int, isKnown: Bool) -> Finding {
    let hint =
      isKnown
      ? "check the user and password or the token, and that they can write to the experiment"
      : "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
    return Finding(
      652, "the MLflow server at \(address) rejects this user (\(status))", hints: [hint])
  }

  static func notMLflow(_ address: String, _ reason: String, _ excerpt: String = "") -> Finding {
    Finding(
      653, "\(address) is not an MLflow server: \(reason)",
      notes: excerpt.isEmpty ? [] : ["it says: \(excerpt)"],
      hints: [
        "give the address that MLflow's clients use, with its path and https if needed"
      ])
  }

  static func refusedByMLflow(_ refusal: MLflowRefusal, call: String) -> Finding {
    Finding(
      654, "MLflow refuses \(call): \(refusal.errorCode)",
      notes: refusal.message.map { ["it says: \(MLflowName.cut($0, to: 600))"] } ?? [],
      hints: ["fix what it names, then run the export again: it continues where this one stopped"])
  }

  static func failingMLflow(
    _ address: String, call: String, status: Int, _ excerpt: String
  ) -> Finding {
    Finding(
      654, "the MLflow server at \(address) fails at \(call) (\(status))",
      notes: excerpt.isEmpty ? [] : ["it says: \(excerpt)"],
      hints: [
        status == 413
          ? "a proxy in front of it limits the size of requests; raise that limit, or send fewer "
            + "files with --artifacts"
          : "look at the server's log, then run the export again: it continues where this one "
            + "stopped"
      ])
  }

  static func artifactsElsewhere(_ location: String) -> Finding {
    Finding(
      655,
      "files cannot be sent: the experiment stores them at "
        + "`\(MLflowServer.withoutCredentials(location))`, not through the MLflow server",
      hints: [
        "name another experiment with --experiment, on a server started with --serve-artifacts",
        "or send everything except files, with `--artifacts none`",
      ])
  }

  static func noArtifactsByServer(_ address: String, _ excerpt: String) -> Finding {
    Finding(
      655, "files cannot be sent: the MLflow server at \(address) does not accept files",
      notes: excerpt.isEmpty ? [] : ["it says: \(excerpt)"],
      hints: [
        "start it with --serve-artifacts, or send everything except files with `--artifacts none`"
      ])
  }

  static func otherValueInMLflow(_ id: String, _ kind: String, _ key: String) -> Finding {
    Finding(
      656, "MLflow's run \(id) has another value for the \(kind) `\(key)`",
      notes: ["it has this run's id, but something else has written to it"],
      hints: ["delete that run in MLflow, then run the export again"])
  }

  static func deletedMLflowExperiment(_ name: String) -> Finding {
    Finding(
      657, "the experiment `\(name)` is deleted in MLflow",
      hints: [
        "restore it there, or name another with --experiment; MLflow reserves the name of a "
          + "deleted experiment"
      ])
  }
}

extension Explanation {
  static let mLflowFindings: [Explanation] = [
    Explanation(
      650, "invalid MLflow server settings",
      cause: """
        An export needs the HTTP address of an MLflow tracking server; only MLflow's own library \
        can open folders and databases. Holdout also reads the environment variables of MLflow's \
        clients. One of them has a wrong value, or another one that it needs is missing.
        """,
      example: .commands("holdout export mlflow renewals --uri sqlite:///mlflow.db"),
      fix: """
        Give `--uri http://HOST:PORT`, or set MLFLOW_TRACKING_URI. For a database, start `mlflow \
        server --backend-store-uri sqlite:///mlflow.db` and give that server's address.
        """),
    Explanation(
      651, "MLflow server that cannot be reached",
      cause: """
        There was no complete answer: nothing listens at the address, the host name is unknown, \
        its certificate is not trusted, or the connection was lost. What was already sent stays, \
        and MLflow shows the run as running.
        """,
      example: .commands(
        """
        holdout run spec.yaml >run.txt 2>&1
        holdout export mlflow renewals --uri http://127.0.0.1:9
        """),
      fix: """
        Correct the address or start the server, then run the same export again: it sends only \
        what is missing.
        """),
    Explanation(
      652, "MLflow server that rejects the user",
      cause: """
        The server answered 401 or 403: it needs a user and password or a token, or those given \
        cannot write to this experiment.
        """,
      example: answering("401 Unauthorized", ["who are you?"]),
      fix: """
        Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN. They \
        are never printed. Ask the server's administrator for write access.
        """),
    Explanation(
      653, "server that is not MLflow",
      cause: """
        The address answers, but not with MLflow's REST API: it is another program, a login page, \
        or a proxy that redirects. Redirects are not followed, because they would forward the \
        password.
        """,
      example: answering("200 OK", ["<html>Welcome to nginx!</html>"]),
      fix: """
        Give the address that MLflow's clients use, with `https` if needed, the port, and the path \
        if there is one.
        """),
    Explanation(
      654, "request that MLflow rejects",
      cause: """
        MLflow rejected the request, with the message in the note, or it failed repeatedly.
        """,
      example: answering(
        "400 Bad Request",
        [#"{"error_code": "INVALID_PARAMETER_VALUE", "message": "the name is too long"}"#]),
      fix: """
        Fix what MLflow names; the server's log has details. Holdout respects the limits of MLflow \
        2.8 and later; an older server accepts only shorter values.
        """),
    Explanation(
      655, "files that cannot be sent through the MLflow server",
      cause: """
        Holdout sends files to the server, which stores them. Clients would have to write this \
        experiment's files directly (a folder, S3), or the server was started without an artifact \
        store.
        """,
      example: answering(
        "200 OK",
        [
          """
          {"experiment": {"experiment_id": "1", "artifact_location": "file:///srv/mlruns/1"}}
          """
        ]),
      fix: """
        Start the server with `--serve-artifacts` and name a new experiment with `--experiment`, \
        because an experiment keeps its artifact location. Or send no files, with `--artifacts \
        none`.
        """),
    Explanation(
      656, "run in MLflow that something else has written to",
      cause: """
        An unfinished run in MLflow has this run's id but another value for one of its entries. \
        Completing it would mix two runs.
        """,
      example: answering(
        "200 OK",
        [
          """
          {"experiment": {"experiment_id": "1", "artifact_location": "mlflow-artifacts:/1"}}
          """,
          """
          {"runs": [{"info": {"run_id": "7d1", "status": "RUNNING"},
            "data": {"params": [{"key": "label.horizon", "value": "2 months"}]}}]}
          """,
        ]),
      fix: "Delete that run in MLflow, then run the export again; it creates a new one."),
    Explanation(
      657, "experiment that is deleted in MLflow",
      cause: """
        MLflow reserves the name of a deleted experiment until it is purged, so no other can use it.
        """,
      example: answering(
        "200 OK", [#"{"experiment": {"experiment_id": "1", "lifecycle_stage": "deleted"}}"#]),
      fix: "Restore it in MLflow, or name another with `--experiment`."),
  ]

  /// An export to a mock server that gives these answers in order.
  private static func answering(_ status: String, _ answers: [String]) -> Example {
    let server = """
      # Stands in for a server: prints its port, then answers for ten seconds.
      use IO::Socket::INET;
      $| = 1;
      my ($status, @answers) = @ARGV;
      my $door = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 5) or die $!;
      print $door->sockport;
      exit if fork;
      close STDOUT;
      alarm 10;
      while (my $guest = $door->accept) {
        while (<$guest>) { last if /^\\r?$/ }
        my $answer = @answers > 1 ? shift @answers : $answers[0];
        print $guest "HTTP/1.1 $status\\r\\nContent-Length: ", length $answer,
          "\\r\\nConnection: close\\r\\n\\r\\n$answer";
        close $guest;
      }

      """
    let texts = answers.map { "'\($0)'" }.joined(separator: " \\\n  ")
    return .files(
      [("spec.yaml", "extends: base.yaml\n"), ("server.pl", server)],
      """
      holdout run spec.yaml >run.txt 2>&1
      port=$(perl server.pl '\(status)' \(texts))
      holdout export mlflow renewals --uri http://127.0.0.1:$port
      """)
  }
}
