public import Diagnostics
import YAML

/// Reads a text by its path: the file system in production, a dictionary in tests.
public typealias SpecReader = (String) -> Result<SourceFile, FindingsError>

extension SpecLoader {
  /// Reads files from disk; findings call them by their path.
  public static func file(_ path: String) -> Result<SourceFile, FindingsError> {
    var findings: [Finding] = []
    guard let file = YAMLLoader.load(path: path, findings: &findings) else {
      return .failure(FindingsError(findings))
    }
    return .success(file)
  }
}
