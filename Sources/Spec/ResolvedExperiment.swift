internal import Diagnostics
internal import YAML

/// One experiment, ready to run: what a spec file says when it is composed, and the texts that it can be
/// told from others by.
public struct ResolvedExperiment: Sendable {
  public let spec: ExperimentSpec
  /// `LoadedSpec.resolvedText`.
  public let text: String
  /// `LoadedSpec.identityText`.
  public let identityText: String
  /// `identityText` in parts: its keys, each with what it says as YAML.
  public let parts: [(key: String, text: String)]
  /// `LoadedSpec.panelText`.
  public let panelText: String
  /// By source: how its rows are read, as YAML, without how far they reach and what they promise.
  public let sourceTexts: [String: String]
  /// `LoadedSpec.variations`.
  public let variations: [String]
}

extension LoadedSpec {
  /// The experiment; nil exactly when `findings` has an error.
  public var experiment: ResolvedExperiment? {
    guard let spec, let text = resolvedText, let identityText, let panelText else { return nil }
    let sources = resolved?.mapping?["sources"]?.mapping?.entries ?? []
    return ResolvedExperiment(
      spec: spec, text: text, identityText: identityText,
      parts: (identity?.mapping?.entries ?? []).map { ($0.key.value, YAMLWriter.write($0.value)) },
      panelText: panelText,
      sourceTexts: Dictionary(
        sources.map { entry in
          (entry.key.value, YAMLWriter.write(entry.value.without("data_through").without("expect")))
        }, uniquingKeysWith: { first, _ in first }), variations: variations)
  }
}
