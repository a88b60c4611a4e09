internal import Foundation
package import Testing

/// The server that `scripts/test-postgresql` starts. Elsewhere tests of it are skipped, and say so.
package enum PostgreSQLServer: Sendable {
  /// How to reach it; nil where there is none.
  package static let uri = ProcessInfo.processInfo.environment["HOLDOUT_TEST_POSTGRESQL"]
}

extension Trait where Self == ConditionTrait {
  /// Skips a test where no PostgreSQL server was started for it.
  package static var needsPostgreSQL: Self {
    .enabled(
      if: PostgreSQLServer.uri != nil, "no PostgreSQL server: scripts/test-postgresql starts one")
  }
}
