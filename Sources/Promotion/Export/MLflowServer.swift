public import Diagnostics
internal import Foundation

/// The address of an MLflow tracking server, and the credentials for it.
///
/// The address never contains a user or a password, so it may be shown anywhere.
public struct MLflowServer: Sendable {
  /// `http://host:port/prefix`, without a trailing slash.
  public let address: String
  /// The value of the Authorization header; nil without credentials.
  let authorization: String?
  /// The longest wait for data from the server, in seconds.
  let timeout: Double

  /// Reads an address and the environment variables that MLflow's own clients read.
  ///
  /// Credentials in the address take precedence, then `MLFLOW_TRACKING_USERNAME` with
  /// `MLFLOW_TRACKING_PASSWORD`, then `MLFLOW_TRACKING_TOKEN`.
  /// - Parameter uri: the address; if nil, `MLFLOW_TRACKING_URI`.
  /// - Throws: `FindingsError` when there is none, or when it is not an HTTP address.
  public init(uri: String?, environment: [String: String]) throws(FindingsError) {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let written = uri ?? value("MLFLOW_TRACKING_URI") else {
      throw FindingsError(.noMLflowAddress())
    }
    let shown = Self.withoutCredentials(written)
    guard var parts = URLComponents(string: written), let scheme = parts.scheme?.lowercased() else {
      throw FindingsError(.unusableMLflowAddress(shown, "it is not an address"))
    }
    guard scheme == "http" || scheme == "https" else {
      throw FindingsError(.unusableMLflowAddress(shown, "it is not an HTTP address"))
    }
    guard let host = parts.host, !host.isEmpty else {
      throw FindingsError(.unusableMLflowAddress(shown, "it has no host"))
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw FindingsError(.unusableMLflowAddress(shown, "it has more than a host and a path"))
    }
    if let user = parts.user {
      authorization = Self.basic(user, parts.password ?? "")
    } else if let user = value("MLFLOW_TRACKING_USERNAME") {
      guard let password = value("MLFLOW_TRACKING_PASSWORD") else {
        throw FindingsError(.unusableMLflowVariable("MLFLOW_TRACKING_PASSWORD", "is not set"))
      }
      authorization = Self.basic(user, password)
    } else {
      authorization = value("MLFLOW_TRACKING_TOKEN").map { "Bearer \($0)" }
    }
    // A line break would end the header and start another.
    if let authorization, authorization.unicodeScalars.contains(where: { $0.value < 32 }) {
      throw FindingsError(
        .unusableMLflowVariable("MLFLOW_TRACKING_TOKEN", "contains control characters"))
    }
    parts.user = nil
    parts.password = nil
    while parts.path.hasSuffix("/") { parts.path.removeLast() }
    guard let address = parts.string, URL(string: address) != nil else {
      throw FindingsError(.unusableMLflowAddress(shown, "it is not an address"))
    }
    self.address = address
    let seconds = value("MLFLOW_HTTP_REQUEST_TIMEOUT") ?? "120"
    guard let timeout = Double(seconds), timeout >= 1, timeout <= 86_400 else {
      throw FindingsError(
        .unusableMLflowVariable(
          "MLFLOW_HTTP_REQUEST_TIMEOUT", "is not a number of seconds from 1 to 86400"))
    }
    self.timeout = timeout
  }

  /// Basic authentication (RFC 7617).
  private static func basic(_ user: String, _ password: String) -> String {
    "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
  }

  /// An address that is safe to show, whether well-formed or not.
  static func withoutCredentials(_ written: String) -> String {
    // A password may contain a slash that should have been escaped, so all before the last `@` is
    // hidden.
    guard let at = written.lastIndex(of: "@") else { return written }
    let start = written.range(of: "://").map(\.upperBound) ?? written.startIndex
    return written[..<min(start, at)] + "..." + written[at...]
  }
}
