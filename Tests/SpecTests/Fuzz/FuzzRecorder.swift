import Glibc

/// Keeps the input that is being tried on disk, so that it is there after a crash.
///
/// One file is opened once; each input costs one write and one cut.
struct FuzzRecorder: ~Copyable {
  /// The file's path.
  let path: String
  private let descriptor: Int32

  /// Makes the folder and opens the file in it; nil where that fails.
  init?(folder: String) {
    let parent = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    mkdir(parent.joined(separator: "/"), 0o755)
    mkdir(folder, 0o755)
    path = "\(folder)/last-input"
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Puts an input in place of the one before.
  func record(_ input: FuzzInput) {
    let record = input.record
    var written = 0
    while written < record.count {
      // Safety: `pwrite` reads only within the slice, which outlives the call.
      let count = record[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(written))
      }
      guard count > 0 else { break }
      written += count
    }
    ftruncate(descriptor, off_t(written))
  }
}
