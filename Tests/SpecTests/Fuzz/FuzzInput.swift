/// What one try feeds to the loaders: files by name and arguments; the first file is loaded.
///
/// `FuzzGenerator` makes it of a seed and a number and of nothing else.
struct FuzzInput: Hashable {
  /// Which loader reads it.
  enum Kind: String { case spec, project }

  /// The seed of the run.
  let seed: UInt64
  /// The number within the run, from 0.
  let number: Int
  /// Which loader reads it.
  var kind = Kind.spec
  /// The files; the first is the one that is loaded.
  var files: [FuzzFile]
  /// The arguments behind the spec's path.
  var overrides: [String] = []

  /// The files' bytes and the arguments' in sum.
  var byteCount: Int {
    files.reduce(0) { $0 + $1.bytes.count } + overrides.reduce(0) { $0 + $1.utf8.count }
  }

  /// The whole input in one piece of bytes, for a look after a crash: a header line, then every
  /// argument and every file behind a line that names it and says how many bytes follow.
  var record: [UInt8] {
    var record = Array("fuzz input: seed \(seed), number \(number), kind \(kind.rawValue)\n".utf8)
    for override in overrides {
      record += Array("=== argument, \(override.utf8.count) bytes\n".utf8)
      record += Array(override.utf8) + [0x0A]
    }
    for file in files {
      record += Array("=== file \(file.name), \(file.bytes.count) bytes\n".utf8)
      record += file.bytes + [0x0A]
    }
    return record
  }
}
