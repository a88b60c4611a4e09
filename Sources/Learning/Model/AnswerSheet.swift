/// The answers of some consecutive rows to a model's tests.
struct AnswerSheet {
  /// The places of the tests of each feature.
  private let asked: [(feature: Int, places: [Int])]
  private let tests: [SplitTest]
  private var rowCount = 0
  private var values: [Double]
  /// Test after test, a byte per row.
  private var answers: [UInt8]
  private var codes: [UInt8]

  /// The most rows that it takes.
  private static let size = RowMajorConverter.chunkSize

  init(_ tests: [SplitTest]) {
    self.tests = tests
    asked = Dictionary(grouping: tests.indices) { tests[$0].feature }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    values = [Double](repeating: 0, count: Self.size)
    answers = [UInt8](repeating: 0, count: tests.count * Self.size)
    codes = [UInt8](repeating: 0, count: Self.size)
  }

  /// Asks rows, in the place of those before.
  mutating func answer(_ rows: RowMajorConverter, _ range: Range<Int>) {
    rowCount = range.count
    values.withUnsafeMutableBufferPointer { values in
      answers.withUnsafeMutableBufferPointer { answers in
        let values = UnsafeMutableBufferPointer(rebasing: values[..<rowCount])
        for (feature, places) in asked {
          rows.write(column: feature, range, into: values)
          for row in values.indices where abs(values[row]) <= SplitTest.smallest { values[row] = 0 }
          for place in places {
            let start = place * Self.size
            tests[place].answer(
              UnsafeBufferPointer(values),
              into: UnsafeMutableBufferPointer(rebasing: answers[start..<start + rowCount]))
          }
        }
      }
    }
  }

  /// Each row's answers to some tests, at most eight: a bit per test, the first the lowest.
  mutating func withCodes(_ tests: [Int], _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    codes.withUnsafeMutableBufferPointer { codes in
      answers.withUnsafeBufferPointer { answers in
        let codes = UnsafeMutableBufferPointer(rebasing: codes[..<rowCount])
        codes.update(repeating: 0)
        for test in tests.reversed() {
          let start = test * Self.size
          // Twice the code is the code moved up by one bit.
          for row in codes.indices {
            codes[row] = codes[row] &+ codes[row] &+ answers[start + row]
          }
        }
        body(UnsafeBufferPointer(codes))
      }
    }
  }
}
