internal import Diagnostics
internal import YAML

/// Writes the parameters of `model.preset` into `model.params`, where the spec does not set them.
///
/// The result shows what the learner is given, and determines the run's id. A parameter that comes
/// from a preset has the position of the preset's name. Those of the preset come first, where a
/// parameter that a sweep or an argument adds leaves them.
enum PresetFiller {
  /// - Parameter swept: names of parameters that a sweep sets later.
  static func filled(_ node: Node, swept: [String] = []) -> Node {
    guard let root = node.mapping, let model = root["model"], let fields = Fields(model),
      let preset = fields.word("preset", as: ModelPreset.self), let key = fields.key("preset"),
      fields.text("learner")?.value == ModelPreset.learner,
      let written = fields["params"]?.mapping
    else { return node }
    let added = preset.value.parameters(beside: written.keys + swept).map { parameter in
      Mapping.Entry(
        key: Located(parameter.name, at: key.span),
        value: Node(.scalar(Scalar(text: parameter.text, style: .plain)), at: preset.span))
    }
    guard !added.isEmpty else { return node }
    return node.setting("model") { model in
      model.setting("params") { params in
        Node(.mapping(Mapping(added + written.entries)), at: params.span)
      }
    }
  }
}
