import Diagnostics
import Spec
import YAML

/// Reads the files of an input as the loaders ask for them, and remembers what it handed out.
final class FuzzReader {
  private let files: [String: [UInt8]]
  /// Every text handed out: findings may point into these and no others.
  private(set) var texts: Set<ObjectIdentifier> = []
  /// Keeps the texts alive, so that no other can take the identity of one.
  private var kept: [SourceFile] = []

  /// Makes a reader of the input's files.
  init(_ input: FuzzInput) {
    files = Dictionary(
      input.files.map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }

  /// The text of a path, as `SpecLoader.file` would give it.
  func read(_ path: String) -> Result<SourceFile, FindingsError> {
    guard let bytes = files[path] else {
      return .failure(FindingsError(Finding(101, "there is no file `\(path)`")))
    }
    var findings: [Finding] = []
    let file = SourceDecoder.decode(bytes, name: path, findings: &findings)
    for text in findings.compactMap(\.span?.file) { remember(text) }
    guard let file else { return .failure(FindingsError(findings)) }
    remember(file)
    return .success(file)
  }

  /// Takes a text among those that findings may point into.
  func remember(_ file: SourceFile) {
    if texts.insert(ObjectIdentifier(file)).inserted { kept.append(file) }
  }
}
