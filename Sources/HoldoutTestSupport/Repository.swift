internal import Foundation

/// The folder that the tests were built from.
package enum Repository: Sendable {
  package static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}
