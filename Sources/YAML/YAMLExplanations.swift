public import Diagnostics

extension Explanation {
  /// Every finding about files and their YAML, each declared in the file that raises it.
  public static let yaml: [Explanation] = [
    sourceDecoderFindings, syntaxFindings, yamlFindings, yamlLoaderFindings,
  ].flatMap(\.self)
}
