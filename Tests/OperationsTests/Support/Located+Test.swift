import Diagnostics

extension Located {
  /// A value as if it were written in a spec.
  static func test(_ value: Value) -> Located {
    Located(value, at: SourceFile(name: "spec.yaml", text: "").start)
  }
}
