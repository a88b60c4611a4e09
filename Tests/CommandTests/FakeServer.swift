import Foundation
import Glibc
import Synchronization
import Testing

/// A small HTTP/1.1 server on loopback: one request per connection, each answered by a closure.
final class FakeServer: Sendable {
  struct Request: Sendable {
    let method: String
    /// Path and query, as sent.
    let target: String
    /// By lower-case name.
    let headers: [String: String]
    let body: Data

    var path: String { String(target.prefix { $0 != "?" }) }
  }

  struct Response: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body = Data()

    static func json(_ value: [String: Any], status: Int = 200) throws -> Response {
      Response(
        status: status, headers: ["Content-Type": "application/json"],
        body: try JSONSerialization.data(withJSONObject: value))
    }
  }

  /// Where it listens.
  let address: String
  private let door: Int32

  /// - Parameter answer: nil ends the connection without an answer.
  init(_ answer: @escaping @Sendable (Request) -> Response?) throws {
    let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Safety: the pointers to the address live for the calls only.
    let isOpen = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(door, $0, length) == 0 && listen(door, 16) == 0 && getsockname(door, $0, &length) == 0
      }
    }
    try #require(isOpen, "no socket: \(String(cString: strerror(errno)))")
    self.door = door
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    Thread.detachNewThread {
      while true {
        let guest = accept(door, nil, nil)
        if guest < 0 { return }
        if let request = Self.read(guest), let response = answer(request) {
          Self.write(response, to: guest)
        }
        close(guest)
      }
    }
  }

  deinit {
    shutdown(door, Int32(SHUT_RDWR))
    close(door)
  }

  private static func read(_ guest: Int32) -> Request? {
    var bytes = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    func more() -> Bool {
      let count = recv(guest, &chunk, chunk.count, 0)
      if count > 0 { bytes += chunk[..<count] }
      return count > 0
    }
    let blank = Data("\r\n\r\n".utf8)
    while bytes.firstRange(of: blank) == nil { guard more() else { return nil } }
    guard let end = bytes.firstRange(of: blank) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let length = Int(headers["content-length"] ?? "0") ?? 0
    while bytes.count - end.upperBound < length { guard more() else { return nil } }
    return Request(
      method: String(words[0]), target: String(words[1]), headers: headers,
      body: Data(bytes[end.upperBound...]))
  }

  private static func write(_ response: Response, to guest: Int32) {
    var text = "HTTP/1.1 \(response.status) Status\r\nConnection: close\r\n"
    text += "Content-Length: \(response.body.count)\r\n"
    for (name, value) in response.headers { text += "\(name): \(value)\r\n" }
    let bytes = Array(Data((text + "\r\n").utf8) + response.body)
    var sent = 0
    while sent < bytes.count {
      let count = send(
        guest, Array(bytes[sent...]), bytes.count - sent, Int32(MSG_NOSIGNAL))
      if count <= 0 { return }
      sent += count
    }
  }
}
