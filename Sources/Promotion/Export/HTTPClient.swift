internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// One HTTP request after the other, through Foundation's URLSession (libcurl).
///
/// Redirects are not followed: they would turn a POST into a GET, and carry credentials elsewhere.
final class HTTPClient: Sendable {
  /// What is asked.
  struct Request: Sendable {
    enum Body: Sendable {
      case none
      case json(Data)
      /// The content of a file, which is read while it is sent.
      case file(String)
    }

    var method: String
    var address: String
    var body = Body.none
  }

  /// What came back, whatever its status.
  struct Response: Sendable {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    let body: Data
  }

  /// No whole answer came.
  struct Failure: Error {
    enum Kind: Sendable { case notReached, timedOut, lost, encryption }

    let kind: Kind
    /// In the system's words.
    let reason: String
  }

  private let session: URLSession
  private let listener = Listener()
  private let authorization: String?

  init(authorization: String?, timeout: Double) {
    self.authorization = authorization
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeout
    configuration.httpShouldSetCookies = false
    configuration.urlCredentialStorage = nil
    session = URLSession(configuration: configuration, delegate: listener, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  /// Sends a request and waits for the whole answer. One call at a time.
  func send(_ request: Request) throws(Failure) -> Response {
    guard let url = URL(string: request.address) else {
      throw Failure(kind: .notReached, reason: "`\(request.address)` is not an address")
    }
    var message = URLRequest(url: url)
    message.httpMethod = request.method
    message.setValue("application/json", forHTTPHeaderField: "Accept")
    if let authorization { message.setValue(authorization, forHTTPHeaderField: "Authorization") }
    let task: URLSessionTask
    switch request.body {
    case .none: task = session.dataTask(with: message)
    case .json(let data):
      message.setValue("application/json", forHTTPHeaderField: "Content-Type")
      message.httpBody = data
      task = session.dataTask(with: message)
    case .file(let path):
      message.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
      task = session.uploadTask(with: message, fromFile: URL(fileURLWithPath: path))
    }
    listener.begin()
    task.resume()
    let outcome = listener.wait()
    if let error = outcome.error { throw Self.failure(error) }
    guard let response = task.response as? HTTPURLResponse else {
      throw Failure(kind: .lost, reason: "no answer came")
    }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields {
      headers["\(name)".lowercased()] = "\(value)"
    }
    return Response(status: response.statusCode, headers: headers, body: outcome.data)
  }

  private static func failure(_ error: NSError) -> Failure {
    let reason = error.localizedDescription
    let kind: Failure.Kind =
      switch URLError.Code(rawValue: error.code) {
      case .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed, .unsupportedURL, .badURL:
        .notReached
      case .timedOut: .timedOut
      // Foundation has no codes for most failures of TLS, but libcurl's words tell them.
      default: reason.contains("SSL") || reason.contains("TLS") ? .encryption : .lost
      }
    return Failure(kind: kind, reason: reason)
  }
}

/// Collects the answer to the request under way.
private final class Listener: NSObject, URLSessionDataDelegate, Sendable {
  struct Outcome: Sendable {
    var data = Data()
    var error: NSError?
  }

  private let outcome = Mutex(Outcome())
  private let hasEnded = DispatchSemaphore(value: 0)

  func begin() { outcome.withLock { $0 = Outcome() } }

  func wait() -> Outcome {
    hasEnded.wait()
    return outcome.withLock { $0 }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    outcome.withLock { $0.data += data }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    outcome.withLock { $0.error = error.map { $0 as NSError } }
    hasEnded.signal()
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask,
    willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }
}
