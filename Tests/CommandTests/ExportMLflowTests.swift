import Foundation
import Glibc
import HoldoutTestSupport
import Synchronization
import Testing

/// Exports against MLflow's interface in memory: what is sent, and what stands there after any fault.
@Suite struct ExportMLflowTests {
  /// Exports the shop's run.
  private func export(
    _ project: TestProject, to address: String, _ arguments: String...,
    environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try Program.run(
      ["export", "mlflow", "shop", "--uri", address] + arguments, in: project.folder,
      environment: environment)
  }

  /// What stands in MLflow but for ids and the moment of the export.
  private func content(_ mlflow: FakeMLflow) -> ([FakeMLflow.Run], [String: Data]) {
    let state = mlflow.snapshot
    let runs = state.runs.values.map { run in
      var run = run
      run.tags["holdout.exported_at"] = nil
      return run
    }
    let files = state.files.map { (String($0.key.split(separator: "/").last ?? ""), $0.value) }
    return (runs, Dictionary(files) { $1 })
  }

  @Test func `everything of a run is there, and a second export sends nothing`() throws {
    let project = try TestProject(withResults: true)
    let mlflow = FakeMLflow()
    let server = try FakeServer { mlflow.answer($0) }
    let first = try export(project, to: server.address)
    #expect(first.end == .exit(0), "\(first)")
    let id = try project.runId()
    #expect(first.output.hasPrefix("shop \(id): exported\nsent: "))
    #expect(first.output.hasSuffix("\(server.address)/#/experiments/1/runs/run1\n"))

    let (runs, files) = content(mlflow)
    let run = try #require(runs.first)
    #expect(runs.count == 1)
    #expect(mlflow.snapshot.experiments == ["holdout/shop": "1"])
    #expect(run.status == "FINISHED")
    #expect(run.tags["holdout.run_id"] == id)
    #expect(run.params["model.params.num_leaves"] == "7")
    #expect(run.params["feature_sets.account.age_days.days_since"] == "customers.created_on")
    let metrics = try project.metrics()
    #expect(run.metrics["test/pooled/roc_auc"] == [try #require(metrics["test.pooled.roc_auc"])])
    #expect(run.metrics.count == metrics.numbers.count)
    #expect(run.metrics.values.allSatisfy { $0.count == 1 })
    #expect(files.keys.sorted() == TestProject.runFiles)
    for file in TestProject.runFiles {
      #expect(try files[file] == project.data("results/shop/runs/\(id)/\(file)"), "\(file)")
    }

    let before = mlflow.snapshot
    let second = try export(project, to: server.address)
    #expect(second.end == .exit(0))
    #expect(second.output.hasPrefix("shop \(id): already exported, nothing was sent\n"))
    let calls = mlflow.snapshot.calls.dropFirst(before.calls.count)
    #expect(calls.allSatisfy { $0.hasPrefix("GET ") || $0.hasSuffix("/runs/search") }, "\(calls)")
    #expect(mlflow.snapshot.runs == before.runs)
  }

  enum Fault: CaseIterable {
    /// The connection ends before the call is obeyed.
    case before
    /// It ends after the call is obeyed, so that the caller cannot know.
    case after
  }

  @Test(arguments: Fault.allCases)
  func `a connection that ends at any call: the next export makes the run whole, nothing twice`(
    _ fault: Fault
  ) throws {
    let project = try TestProject(withResults: true)
    let undisturbed = FakeMLflow()
    let server = try FakeServer { undisturbed.answer($0) }
    #expect(try export(project, to: server.address).end == .exit(0))
    let calls = undisturbed.snapshot.calls
    let expected = content(undisturbed)
    for number in calls.indices {
      let mlflow = FakeMLflow()
      let seen = Mutex(0)
      let faulty = try FakeServer { request in
        let isFaulty = seen.withLock { count in
          count += 1
          return count == number + 1
        }
        if isFaulty, fault == .before { return nil }
        let answer = mlflow.answer(request)
        return isFaulty ? nil : answer
      }
      let stopped = try export(project, to: faulty.address)
      #expect(stopped.refuses("H651", "run the export again"), "\(calls[number]): \(stopped)")
      let whole = try export(project, to: faulty.address)
      #expect(whole.end == .exit(0), "\(calls[number]): \(whole)")
      #expect(content(mlflow) == expected, "\(calls[number])")
    }
  }

  @Test func `an export that is killed is made whole by the next one`() throws {
    let project = try TestProject(withResults: true)
    let mlflow = FakeMLflow()
    let isStuck = DispatchSemaphore(value: 0)
    let goesOn = DispatchSemaphore(value: 0)
    let seen = Mutex(0)
    let server = try FakeServer { request in
      if request.method == "PUT",
        seen.withLock({
          $0 += 1
          return $0 == 4
        })
      {
        isStuck.signal()
        goesOn.wait()
        return nil
      }
      return mlflow.answer(request)
    }
    let running = try project.start("export", "mlflow", "shop", "--uri", server.address)
    isStuck.wait()
    running.send(SIGKILL)
    #expect(try running.wait().end == .signal(SIGKILL))
    goesOn.signal()
    #expect(mlflow.snapshot.runs.values.map(\.status) == ["RUNNING"])
    let whole = try export(project, to: server.address)
    #expect(whole.end == .exit(0), "\(whole)")
    #expect(whole.output.contains("an interrupted export is now complete"))
    #expect(whole.output.contains("sent: 0 parameters, 0 metrics, 0 tags, 10 files"))
    #expect(content(mlflow).0.map(\.status) == ["FINISHED"])
    #expect(content(mlflow).1.count == TestProject.runFiles.count)
  }

  @Test func `eight exports at once leave one run`() throws {
    let project = try TestProject(withResults: true)
    let mlflow = FakeMLflow()
    let server = try FakeServer { mlflow.answer($0) }
    let running = try (0..<8).map { _ in
      try project.start(
        "export", "mlflow", "shop", "--uri", server.address, "--artifacts", "none")
    }
    for program in running {
      let result = try program.wait()
      // The run that one of them fills may be another's, who deletes it for an earlier one.
      #expect(result.end == .exit(0) || result.refuses("H654", "no such run"), "\(result)")
    }
    #expect(try export(project, to: server.address).end == .exit(0))
    #expect(content(mlflow).0.map(\.status) == ["FINISHED"])
  }

  @Test(
    arguments: [
      (401, [:], "H652", "set MLFLOW_TRACKING_USERNAME"),
      (403, [:], "H652", "rejects this user (403)"),
      (302, ["Location": "https://me:secret@login.example/"], "H653", "https://...@login.example/"),
      (404, [:], "H653", "it answers experiments/get-by-name with 404"),
      (200, [:], "H653", "it says: Sign in"), (413, [:], "H654", "raise that limit"),
      (503, ["Retry-After": "0"], "H654", "(503)"), (429, ["Retry-After": "0"], "H654", "(429)"),
    ] as [(Int, [String: String], String, String)])
  func `an answer that is not MLflow's is told as what it is`(
    _ status: Int, _ headers: [String: String], id: String, words: String
  ) throws {
    let project = try TestProject(withResults: true)
    let server = try FakeServer { _ in
      FakeServer.Response(
        status: status, headers: headers, body: Data("<html><h1>Sign in</h1></html>".utf8))
    }
    let result = try export(project, to: server.address)
    #expect(result.refuses(id, words), "\(result)")
    #expect(!result.errors.contains("secret"))
    #expect(result.output.isEmpty)
  }

  @Test func `a busy server is asked again`() throws {
    let project = try TestProject(withResults: true)
    let mlflow = FakeMLflow()
    let seen = Mutex(0)
    let server = try FakeServer { request in
      let number = seen.withLock { count in
        count += 1
        return count
      }
      // Every call is turned away twice.
      return number % 3 == 0
        ? mlflow.answer(request)
        : FakeServer.Response(status: [503, 429][number % 2], headers: ["Retry-After": "0"])
    }
    let result = try export(project, to: server.address)
    #expect(result.end == .exit(0), "\(result)")
    #expect(content(mlflow).0.map(\.status) == ["FINISHED"])
  }

  @Test func `a server that says nothing is given up after the time that is set`() throws {
    let project = try TestProject(withResults: true)
    let isDone = DispatchSemaphore(value: 0)
    let server = try FakeServer { _ in
      isDone.wait()
      return nil
    }
    let result = try export(
      project, to: server.address, environment: ["MLFLOW_HTTP_REQUEST_TIMEOUT": "1"])
    isDone.signal()
    #expect(result.refuses("H651", "does not answer in time"), "\(result)")
  }

  @Test func `credentials go to the server and nowhere else`() throws {
    let project = try TestProject(withResults: true)
    let cases: [([String: String], String, String)] = [
      (
        ["MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "secret"], "",
        "Basic bWU6c2VjcmV0"
      ),
      (["MLFLOW_TRACKING_TOKEN": "secret"], "", "Bearer secret"),
      ([:], "me:secret@", "Basic bWU6c2VjcmV0"),
    ]
    for (environment, credentials, header) in cases {
      let mlflow = FakeMLflow()
      let server = try FakeServer { mlflow.answer($0) }
      let address = server.address.replacing("http://", with: "http://\(credentials)")
      let result = try export(project, to: address, environment: environment)
      #expect(result.end == .exit(0), "\(result)")
      #expect(mlflow.snapshot.authorizations.allSatisfy { $0 == header })
      #expect(!"\(result)".contains("secret"))
    }
  }

  @Test func `files that the server cannot store are refused before anything is written`() throws {
    let project = try TestProject(withResults: true)
    let mlflow = FakeMLflow(artifactRoot: "s3://me:secret@bucket/mlflow")
    let server = try FakeServer { mlflow.answer($0) }
    let result = try export(project, to: server.address)
    #expect(result.refuses("H655", "--artifacts none"), "\(result)")
    #expect(!"\(result)".contains("secret"))
    #expect(mlflow.snapshot.runs.isEmpty)
    #expect(try export(project, to: server.address, "--artifacts", "none").end == .exit(0))
    #expect(mlflow.snapshot.runs.values.map(\.status) == ["FINISHED"])
    #expect(mlflow.snapshot.files.isEmpty)
  }

  @Test func `a dry run prints what would be sent, and needs no server`() throws {
    let project = try TestProject(withResults: true)
    let result = try project.holdout(
      "export", "mlflow", "shop", "--dry-run", "--artifacts", "without-predictions",
      "--experiment", "prospects")
    #expect(result.end == .exit(0), "\(result)")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(document["experiment"] as? String == "prospects")
    let run = try #require(document["run"] as? [String: Any])
    #expect(run["run_id"] as? String == (try project.runId()))
    let files = (run["artifacts"] as? [[String: Any]])?.compactMap { $0["path"] as? String }
    // Those that are left out have keys of entities.
    let keyed = ["curves.json", "predictions.parquet", "report.html"]
    #expect(files == TestProject.runFiles.filter { !keyed.contains($0) })
  }
}
