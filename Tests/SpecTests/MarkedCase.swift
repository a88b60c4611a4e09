import Testing

/// A spec with marks, laid over `base.yaml`, and the finding expected at each mark.
struct MarkedCase: CustomTestStringConvertible, Sendable {
  var name: String
  var text: String
  var expected: [Int]
  var testDescription: String { name }

  init(_ name: String, _ text: String, _ expected: Int...) {
    self.name = name
    self.text = text
    self.expected = expected
  }
}
