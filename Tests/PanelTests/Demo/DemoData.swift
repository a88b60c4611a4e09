import Testing

/// Makes the demo data once for a suite, and takes them away again after it.
struct DemoData: SuiteTrait, TestScoping {
  @TaskLocal static var world: DemoWorld?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let world = try DemoWorld(accounts: 3_000)
    try await Self.$world.withValue(world) { try await function() }
  }
}

extension Trait where Self == DemoData {
  /// 3,000 accounts of the demo data, with their panel.
  static var demoData: DemoData { DemoData() }
}
