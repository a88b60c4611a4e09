import Diagnostics
import OrderedCollections
import YAML

/// Makes an experiment of a composed spec whose form has been checked and whose defaults are in.
///
/// It finds what form cannot see: names that refer to nothing, columns used against their type or
/// class, settings that contradict each other. Where a part is malformed it goes on with the rest.
struct SpecDecoder {
  let root: Fields
  var findings: [Finding] = []
  var catalog = Catalog()
  /// What `features` chose, once it is decoded.
  var choice = FeatureChoice(FeatureTable())
  /// Every place that reads a column which knows only today.
  var readsOfToday: [ReadOfToday] = []
  /// Warnings that are of interest only where nothing is wrong.
  var heldBack: [Finding] = []
  /// The spec's own file. What it extends is a catalogue to choose from, so that nothing in those files
  /// need be used.
  let mainFile: SourceFile
  /// The learner's settings once they are decoded, whatever else is wrong.
  private(set) var model: ModelSpec?

  init(_ resolved: Node) {
    mainFile = resolved.span.file
    root = Fields(resolved) ?? Fields(Mapping(), at: resolved.span)
  }

  /// The experiment; nil when a part cannot be decoded.
  /// - Parameter afterErrors: whether the form has errors, so that what seems unused may be used.
  mutating func decode(afterErrors: Bool) -> ExperimentSpec? {
    let sources = decodeSources()
    let lookAhead = decodeLookAhead()
    let accept = decodeAccept()
    let cohort = decodeCohort()
    let label = decodeLabel()
    let features = decodeFeatures()
    let cutoffs = decodeCutoffs()
    let model = decodeModel()
    let sample = decodeSample()
    let calibration = decodeCalibration()
    let evaluation = decodeEvaluation()
    let score = decodeScore()
    let capacity = decodeCapacity(of: score)
    let gates = decodeGates(evaluation)
    let name = decodeName()
    checkLookAhead(lookAhead, features: features, cutoffs: cutoffs)
    checkTime(cutoffs: cutoffs, label: label)
    checkCalibration(cutoffs: cutoffs, calibration: calibration)
    checkEarlyStopping(cutoffs: cutoffs, model: model)
    if !afterErrors { reportHeldBack() }
    self.model = model
    guard let name, let cutoffs, let cohort, let label, let model, let calibration, let evaluation
    else { return nil }
    return ExperimentSpec(
      name: name, description: root.text("description")?.value, sources: sources,
      asOf: root.date("as_of"), lookAhead: lookAhead, cutoffs: cutoffs, cohort: cohort,
      label: label,
      features: features, model: model, sample: sample, calibration: calibration,
      evaluation: evaluation,
      score: score, capacity: capacity, retrain: decodeRetrain(), gates: gates,
      accept: accept)
  }

  private mutating func decodeName() -> Located<String>? {
    guard let name = root.text("name") else { return nil }
    let allowed = name.value.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [UInt8](".-_@=,+".utf8).contains(byte)
    }
    let first = name.value.utf8.first ?? 46
    if !allowed || first == 45 || first == 46 || name.value.utf8.count > 200 {
      findings.append(.unsafeName(name))
    }
    return name
  }
}
