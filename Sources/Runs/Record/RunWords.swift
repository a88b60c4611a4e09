internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Spec

// Words for the values of a run's record, made only for people to read.

/// A value that can be described in one line.
public protocol InWords {
  /// The line, without a period at the end.
  var words: String { get }
}

/// A value of a run's record or, in a record of schema 1, the line in its place.
public enum Recorded<Value: Codable & Sendable & Equatable & InWords>: Sendable, Equatable, InWords
{
  case value(Value)
  case line(String)

  public var words: String {
    switch self {
    case .value(let value): value.words
    case .line(let line): line
    }
  }
}

extension Recorded: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let line = try? container.decode(String.self) {
      self = .line(line)
    } else {
      self = .value(try container.decode(Value.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .value(let value): try container.encode(value)
    case .line(let line): try container.encode(line)
    }
  }
}

extension Caveat: InWords {
  /// A word or two, for tables.
  public var name: String {
    kind?.name ?? recordedLine.map { String($0.prefix { $0 != ":" }) } ?? ""
  }

  /// The name and a description: `look-ahead: 1 feature reads today's value of ...`.
  public var words: String { recordedLine ?? "\(name): \(sentence)" }

  private var sentence: String {
    func count(_ number: String, _ noun: String) -> String? {
      guard let count = numbers?[number], count > 0 else { return nil }
      return "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    switch kind {
    case .lookAhead:
      let readers = [
        count("features", "feature"), count("rules", "cohort rule"), count("segments", "segment"),
        inLabel == true ? "the label" : nil,
      ].compactMap(\.self)
      let numbered = ["features", "rules", "segments"].reduce(0) { $0 + (numbers?[$1] ?? 0) }
      let isSingle = numbered + (inLabel == true ? 1 : 0) == 1
      return "\(readers.inWords("and")) \(isSingle ? "reads" : "read") today's value of "
        + "\(count("columns", "column") ?? "") at \(numbers?["cutoffs"] ?? 0) cutoffs "
        + "(\(reason ?? ""))"
    case .immatureLabels:
      return "at \(count("cutoffs", "cutoff") ?? "") who has no event yet counts as a negative, "
        + "though the labels are not all in"
    case .overlappingWindows:
      return "\(count("pairs", "pair") ?? "") of cutoffs of different roles share days of their "
        + "label windows"
    case .calibratedOnTest: return "the calibrator is judged on the rows that it is fitted on"
    case .noCreation:
      return "every entity is taken to exist at every cutoff, also before its creation"
    case .auditCheck:
      return "`\(finding ?? "")` of `holdout audit` is accepted (\(reason ?? ""))"
    case .conditionalLabel:
      return
        "scores are conditional on a row of `\(finding ?? "")` in the label window, which is not "
        + "known at the cutoff"
    case .labelsEndEarly, .silentSource, nil:
      return (finding ?? "") + (reason.map { " (accepted: \($0))" } ?? "")
    }
  }
}

extension RecordedFinding: InWords {
  public var words: String { "\(id): \(message)" }
}

extension EvidenceRecord: InWords {
  public var words: String {
    let counted = cluster.map { "\(nouns.many) with distinct `\($0)`" } ?? "distinct \(nouns.many)"
    return "\(sufficient ? "sufficient" : "insufficient") evidence: \(positiveEntities) \(counted) "
      + "in test, \(needed) are needed"
  }
}

extension SampleRecord: InWords {
  public var words: String {
    let all = positives + negatives
    guard isSmaller else {
      return "all \(all.grouped) train rows, as they have no more negatives than \(asked)"
    }
    let weight = kept == 0 ? 1 : Double(negatives) / Double(kept)
    return "\((positives + kept).grouped) of \(all.grouped) train rows: all "
      + "\(positives.grouped) positives and \(kept.grouped) negatives (\(asked)), each of "
      + "which stands for \(NumberText.metric(weight))"
  }

  private var asked: String {
    share.map { "a share of \($0)" } ?? "\(perPositive ?? 0) per positive"
  }
}

extension TreesRecord: InWords {
  public var words: String {
    let reach =
      cutoffs == 1 ? "the cutoff \(first)" : "the \(cutoffs) cutoffs \(first) to \(last)"
    let end = found == limit ? "; it was still falling, so more trees may do better" : ""
    return "\(found) of at most \(limit), by the lowest log loss "
      + "(\(NumberText.metric(logLoss))) at \(reach), after a fit on "
      + "\(fitted == 1 ? "1 cutoff" : "\(fitted) cutoffs") before\(end)"
  }
}

extension CalibrationRecord: InWords {
  public var words: String {
    let why = choice?.words ?? "asked for"
    if method == .none { return "none (\(why))" }
    let fitted =
      switch fit {
      case .calibrate: "fitted on \(rows) rows"
      case .test: "fitted on the \(rows) test rows themselves"
      case .crossFit:
        "cross-fitted over \(folds ?? 0) folds of train, on \(rows) out-of-fold rows"
      }
    return "\(method.rawValue) (\(why)), \(fitted) with \(positives) positives"
  }
}
