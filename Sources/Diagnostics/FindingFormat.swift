/// How findings are written out: for people, for programs or for GitHub's annotations.
public enum FindingFormat: String, CaseIterable, Sendable {
  case text, json, github

  /// The findings in this format, ordered by place; ends with a newline unless empty.
  ///
  /// Colour is used by `text` alone; the caller decides from the terminal and `NO_COLOR`.
  public func render(_ findings: [Finding], colored: Bool = false) -> String {
    switch self {
    case .text: TextRenderer(colored: colored).render(findings)
    case .json: JSONRenderer().render(findings)
    case .github: GitHubRenderer().render(findings)
    }
  }
}
