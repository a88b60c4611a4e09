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

extension Explanation {
  static let mLflowFindings: [Explanation] = [
    Explanation(
      650, "MLflow server that is not named rightly",
      cause: """
        An export needs the address of an MLflow tracking server, an HTTP one: folders and \
        databases are for MLflow's own library. The environment variables beside it are those of \
        MLflow's clients; one of them may be missing its partner or hold something else.
        """,
      example: .commands("holdout export mlflow renewals --uri sqlite:///mlflow.db"),
      fix: """
        Give `--uri http://HOST:PORT`, or set MLFLOW_TRACKING_URI. For a database, start `mlflow \
        server --backend-store-uri sqlite:///mlflow.db` and give that server's address.
        """),
    Explanation(
      651, "MLflow server that cannot be reached",
      cause: """
        No whole answer came: nothing listens at the address, its name is unknown, its \
        certificate is not trusted, or the connection ended half-way. What had been sent by then \
        stays; the run in MLflow is shown as running.
        """,
      example: .commands(
        """
        holdout run spec.yaml >run.txt 2>&1
        holdout export mlflow renewals --uri http://127.0.0.1:9
        """),
      fix: """
        Correct the address or start the server, then run the same export again: it sends what is \
        missing and nothing twice.
        """),
    Explanation(
      652, "MLflow server that lets nobody in",
      cause: """
        The server answered 401 or 403: it wants a user and password or a token, or those that \
        were given may not write to this experiment.
        """,
      example: answering("401 Unauthorized", ["who are you?"]),
      fix: """
        Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN. They \
        are never printed. Ask whoever keeps the server for the right to write.
        """),
    Explanation(
      653, "server that is not MLflow",
      cause: """
        Something answers at the address, but not as MLflow's REST interface does: another \
        program, a login page, or a proxy that sends callers elsewhere. Redirects are not \
        followed, as they would carry the password along.
        """,
      example: answering("200 OK", ["<html>Welcome to nginx!</html>"]),
      fix: """
        Give the address that MLflow's own clients use: with `https` where the server wants it, \
        its port, and its path where it stands below one.
        """),
    Explanation(
      654, "request that MLflow refuses",
      cause: """
        MLflow answered, and said no, in words that the finding repeats; or it failed by itself, \
        and kept failing when asked again.
        """,
      example: answering(
        "400 Bad Request",
        [#"{"error_code": "INVALID_PARAMETER_VALUE", "message": "the name is too long"}"#]),
      fix: """
        Mend what MLflow names; the server's own log tells more. Holdout keeps within the limits \
        of MLflow 2.8 and later; an older server takes shorter values only.
        """),
    Explanation(
      655, "files that cannot be sent through the MLflow server",
      cause: """
        Holdout sends files to the server, which puts them into its store. This experiment keeps \
        its files somewhere that clients write to by themselves (a folder, S3), or the server was \
        started without a store.
        """,
      example: answering(
        "200 OK",
        [
          """
          {"experiment": {"experiment_id": "1", "artifact_location": "file:///srv/mlruns/1"}}
          """
        ]),
      fix: """
        Start the server with `--serve-artifacts` and name a new experiment with `--experiment`: \
        an experiment keeps the place it was made with. Or leave the files out with `--artifacts \
        none`.
        """),
    Explanation(
      656, "run in MLflow that somebody else has written to",
      cause: """
        An unfinished run in MLflow bears this run's id, but holds another value for something \
        that this run says. Completing it would mix two runs.
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
      fix: "Delete that run in MLflow, then run the export again; it makes a new one."),
    Explanation(
      657, "experiment that is deleted in MLflow",
      cause: """
        MLflow keeps the name of a deleted experiment until it is purged, so that no other can be \
        made under it.
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
