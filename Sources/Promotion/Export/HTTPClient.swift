internal import Files
internal import Foundation

/// Sends HTTP requests one at a time, each with the `curl` command.
///
/// Foundation's URLSession is not used: on Linux (Swift 6.3) it keeps a core busy while it waits
/// for a response, which starved a server on the same machine, and linking it doubled the start-up
/// time of every command. Redirects are not followed: they would turn a POST into a GET and carry
/// credentials elsewhere.
struct HTTPClient: Sendable {
  /// An HTTP request.
  struct Request: Sendable {
    enum Body: Sendable {
      case none
      case json(Data)
      /// The content of a file, read while it is sent.
      case file(String)
    }

    var method: String
    var address: String
    var body = Body.none
  }

  /// A response, whatever its status.
  struct Response: Sendable {
    let status: Int
    /// Where a redirect leads, and how long to wait before a retry; empty if the server does not
    /// say.
    let location: String
    let retryAfter: String
    let body: Data
  }

  /// No complete response arrived.
  struct Failure: Error {
    enum Kind: Sendable { case noCurl, notReached, timedOut, lost, encryption }

    let kind: Kind
    /// In curl's or the system's words.
    let reason: String
  }

  let authorization: String?
  /// The longest time without traffic on the connection, in seconds.
  let timeout: Double

  /// Sends a request and waits for the complete response.
  func send(_ request: Request) throws(Failure) -> Response {
    do {
      return try sent(request)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(kind: .lost, reason: error.localizedDescription)
    }
  }

  private func sent(_ request: Request) throws -> Response {
    var options = [
      ("url", request.address), ("request", request.method), ("proto", "=http,https"),
      // Does not wait for a "100 Continue" response.
      ("header", "Expect:"), ("header", "Accept: application/json"), ("speed-limit", "1"),
      ("speed-time", String(Int(timeout))), ("connect-timeout", String(Int(timeout))),
      ("write-out", #"\n%{http_code}\t%header{location}\t%header{retry-after}"#),
    ]
    if let authorization { options.append(("header", "Authorization: \(authorization)")) }
    switch request.body {
    case .none: break
    case .json(let data):
      let folder = FileManager.default.temporaryDirectory.path
      Scratch.removeAbandoned(in: folder)
      let file = try Scratch.file(in: folder)
      try file.fill(with: data)
      options.append(("header", "Content-Type: application/json"))
      options.append(("data-binary", "@\(file.path)"))
      return try Self.curl(options)
    case .file(let path):
      options.append(("header", "Content-Type: application/octet-stream"))
      options.append(("upload-file", path))
    }
    return try Self.curl(options)
  }

  /// Runs curl. Options go through standard input, because other users may read a process's
  /// arguments.
  private static func curl(_ options: [(name: String, value: String)]) throws -> Response {
    let lines = options.map { name, value in
      let escaped = name == "write-out" ? value : value.replacing(#"\"#, with: #"\\"#)
      return "\(name) = \"\(escaped.replacing("\"", with: #"\""#))\"\n"
    }
    // Ignores the user's curlrc.
    let arguments = ["-q", "--silent", "--show-error", "--globoff", "--config", "-"]
    let input = Data(lines.joined().utf8)
    guard let result = Subprocess.run("curl", arguments, input: input) else {
      throw Failure(kind: .noCurl, reason: "there is no `curl` in PATH")
    }
    guard result.status == 0 else {
      throw failure(result.status, String(decoding: result.errors, as: UTF8.self))
    }
    let data = result.output
    guard let end = data.lastIndex(of: UInt8(ascii: "\n")) else {
      throw Failure(kind: .lost, reason: "there was no answer")
    }
    let facts = String(decoding: data[(end + 1)...], as: UTF8.self)
      .split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard facts.count == 3, let status = Int(facts[0]) else {
      throw Failure(kind: .lost, reason: "there was no answer")
    }
    return Response(
      status: status, location: facts[1], retryAfter: facts[2], body: Data(data[..<end]))
  }

  /// Translates the exit codes of curl(1).
  private static func failure(_ status: Int32, _ words: String) -> Failure {
    let kind: Failure.Kind =
      switch status {
      case 3, 5, 6, 7: .notReached
      case 28: .timedOut
      case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91: .encryption
      default: .lost
      }
    let line = words.split(separator: "\n").first.map(String.init) ?? "curl ended with \(status)"
    return Failure(kind: kind, reason: line)
  }
}
