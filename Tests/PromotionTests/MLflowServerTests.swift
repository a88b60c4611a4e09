import Diagnostics
import Promotion
import Testing

@Suite("An MLflow server's address")
struct MLflowServerTests {
  @Test(
    "credentials never stand in an address",
    arguments: [
      ("http://localhost:5000", "http://localhost:5000"),
      ("https://host/path/", "https://host/path"), ("HTTP://host//", "http://host"),
      ("http://me:secret@host:1/x", "http://host:1/x"), ("http://[::1]:5000", "http://[::1]:5000"),
    ])
  func address(_ uri: String, shown: String) throws {
    let server = try MLflowServer(uri: uri, environment: [:])
    #expect(server.address.lowercased() == shown)
  }

  @Test(
    "anything else is refused, and no password is repeated",
    arguments: [
      "", "localhost:5000", "mlruns", "file:///srv/mlruns", "sqlite:///mlflow.db", "databricks",
      "http://", "http:///path", "http://host/?x=secret", "ftp://me:secret@host",
      "http://me:secret@", "me:secret@host:5000", "http://me:sec/ret:secret@ho st",
    ])
  func refused(_ uri: String) throws {
    let error = #expect(throws: FindingsError.self) {
      try MLflowServer(uri: uri, environment: [:])
    }
    let findings = try #require(error).findings
    #expect(findings.map(\.id.number) == [650])
    let text = FindingFormat.text.render(findings, colored: false)
    if uri.contains("@") { #expect(!text.contains("secret"), "\(text)") }
  }

  @Test("the environment's address counts where none is given")
  func fromEnvironment() throws {
    let environment = ["MLFLOW_TRACKING_URI": "http://one"]
    #expect(try MLflowServer(uri: nil, environment: environment).address == "http://one")
    #expect(try MLflowServer(uri: "http://two", environment: environment).address == "http://two")
    #expect(throws: FindingsError.self) { try MLflowServer(uri: nil, environment: [:]) }
  }

  @Test(
    "half a pair of credentials and odd values are findings",
    arguments: [
      ["MLFLOW_TRACKING_USERNAME": "me"], ["MLFLOW_TRACKING_TOKEN": "a\r\nX-Other: b"],
      ["MLFLOW_HTTP_REQUEST_TIMEOUT": "soon"], ["MLFLOW_HTTP_REQUEST_TIMEOUT": "0"],
      ["MLFLOW_HTTP_REQUEST_TIMEOUT": "nan"],
    ])
  func variables(_ environment: [String: String]) throws {
    let error = #expect(throws: FindingsError.self) {
      try MLflowServer(uri: "http://host", environment: environment)
    }
    #expect(try #require(error).findings.map(\.id.number) == [650])
  }
}
