/// One file of an input: its path as `extends` names it, and its bytes, which need not be text.
struct FuzzFile: Hashable {
  /// The path, relative to the folder of the input.
  var name: String
  /// The bytes as they would lie on disk.
  var bytes: [UInt8]

  /// Makes a file of text.
  init(_ name: String, _ text: String) {
    self.name = name
    bytes = Array(text.utf8)
  }

  /// The bytes as text; what is not UTF-8 reads as U+FFFD.
  var text: String {
    get { String(decoding: bytes, as: UTF8.self) }
    set { bytes = Array(newValue.utf8) }
  }

  /// The lines of the text, without their line feeds.
  var lines: [String] {
    get { bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Self.text) }
    set { text = newValue.joined(separator: "\n") }
  }

  /// Bytes as text.
  static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
