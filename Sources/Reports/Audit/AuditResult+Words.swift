package import Experiment
internal import Diagnostics
internal import Foundation
internal import Panel
internal import Spec

extension AuditResult {
  /// The result in a sentence or two.
  /// - Parameter verdict: that of the check.
  package func words(_ verdict: AuditCheck.Verdict) -> String {
    switch self {
    case .incomplete: return "The check could not be completed."
    case .noPanelRows: return "The panel has no rows."
    case .noTestRows: return "There are no test rows."

    case .nothingOverwritesCreation:
      return "Not tested: the label is that nothing happens, which overwrites no creation."
    case .noEventsRead:
      return "The spec reads no events, or does not say when entities were created."
    case .rowsBeforeCreationAlike:
      return
        "Entities with the event have rows from before their creation about as often as others."
    case .creationOverwritten(let column, let sources):
      return "`\(column)` is later than rows of \(AuditText.names(sources)) mostly for entities "
        + "with the event: was it overwritten when the event happened?"

    case .featuresVary(let areFolded):
      return areFolded
        ? "No feature is the same for every train row, except as `min_frequency` asks."
        : "Every feature has at least two values in the train rows."
    case .featuresDead(let names):
      let isOne = names.count == 1
      return "\(AuditText.names(names)) \(isOne ? "is" : "are") the same for every train row and "
        + "can teach the model nothing: look for a broken source or rule, or take "
        + "\(isOne ? "it" : "them") out."

    case .endUnknown(let source):
      return "Not tested: past rows are those with a row of `\(source)` in their label window, "
        + "which is not known yet for the newest ones."
    case .nothingAfterMatureCutoffs:
      return "There are no rows after the last mature cutoff to compare with the past."
    case .endAlike:
      return "Features mark as many of the newest rows as future positives, and as negatives, as "
        + "they did in the past."
    case .endChanged(let names, let columns):
      return "\(AuditText.names(names)) \(names.count == 1 ? "changes" : "change") abruptly at the "
        + "end of the data, where outcomes are not known yet: "
        + (columns.isEmpty
          ? "rows of its events are probably inserted, or deleted, when an outcome is known."
          : "the values of \(AuditText.names(columns)) are probably written, or overwritten, when "
            + "an outcome is known.")

    case .future(let result): return result.words

    case .oneSource: return "The spec reads only one source, so there is nothing to join."
    case .joined(let largest):
      return "Sources join well: at most \(AuditText.share(largest)) of a source's rows belong to "
        + "no entity."
    case .joinsPoor(let joins, let deleted):
      let sentences = [
        joins.isEmpty
          ? nil
          : joins.map(\.words).joined(separator: "; ")
            + ": are keys formatted differently there, or are data missing?",
        deleted.map { entities in
          "Rows of `\(entities)` are deleted after their events, so past cohorts lack them: are "
            + "they those without the label's event?"
        },
      ]
      return sentences.compactMap(\.self).joined(separator: " ")

    case .arrivalsFew:
      return "Fewer than \(KnownAtProximityCheck.minimum) values became known in the months before "
        + "the cutoffs, too few to compare days."
    case .arrivalsSpread(let worst):
      return "Values do not pile up on the days of the cutoffs: at most \(worst.times) an average "
        + "day, in `\(worst.name)`."
    case .arrivalsCrowded(let worst):
      return "`\(worst.name)` says that \(worst.times) as many values as on an average day became "
        + "known on \(worst.dayName), as when a load stamps all rows of a month with its last day."

    case .permutation(let result): return result.words

    case .outcomesFew(let positives, let noun, let others, let needed):
      return "There are \(noun.count(positives)) and \(others.grouped) others, and at least "
        + "\(needed) of each are needed."
    case .missingAlike(let isEndCompared):
      return isEndCompared
        ? "Values are missing as often in the newest rows as in the past, and no column is null, or "
          + "filled, for one outcome only."
        : "No column is null, or filled, for one outcome only. The newest rows are not compared: "
          + "which of them have a label is not known yet."
    case .missingTells(let names):
      return "\(AuditText.names(names)) \(names.count == 1 ? "gives" : "give") the outcome away by "
        + "being null or not: the value was probably written, or removed, after the event."

    case .newestUntested:
      return "Not tested: there are too few new rows, or too little history, to compare the newest "
        + "rows with older ones."
    case .newestAlike:
      return "The newest rows have the same values as older ones, apart from drift."
    case .newestDiffer(let names):
      return "\(AuditText.names(names)) \(names.count == 1 ? "differs" : "differ") in the newest "
        + "rows: the values of older rows were written, overwritten or deleted later."

    case .featureByChance(let few): return "A feature can look good by chance: \(few.words)."
    case .trainOneClass:
      return "The last train cutoffs have only one class, so no rule can be learned."
    case .testOneClass: return "The test rows have only one class."
    case .bestFeature(let name, let rocAUC, let reached):
      let compared =
        "`\(name)` alone has a ROC AUC of \(AuditText.metric(rocAUC)) and reaches "
        + "\(AuditText.share(reached)) of the model's average precision above the base rate"
      return verdict == .fail
        ? "\(compared): that is too good to be true, so check when its values are written."
        : "No feature is too good to be true: the best, \(compared)."

    case .rolesApart: return "No label windows of two roles overlap, and no row is in two roles."
    case .rolesOverlap(let pairs, let isClustered, let positives, let noun):
      return
        "\(pairs.of("pair")) of \(isClustered ? "rows of a cluster" : "rows") in "
        + "two roles share part of a label window, and \(noun.count(positives)) "
        + "\(positives == 1 ? "is" : "are") positive in two of them: the model is tested on its "
        + "training data."

    case .shift(let result): return result.words
    case .snapshot(let result): return result.words

    case .meaningsClear:
      return "No day means a missing date, no version ends a day early, and no files overlap."
    case .meaningsDoubtful(let count):
      return "\(count.of("source or column")) may be misread: is a day a "
        + "placeholder, is an inclusive last day read as exclusive, or is an export repeated?"

    case .staticDates(let result): return result.words
    case .staticEffect(let result): return result.words

    case .noCategories: return "There is no category feature."
    case .levelsSeen(let largest):
      return largest == 0
        ? "Every category level of the calibrate and test rows is in the train rows."
        : "Few rows have a category level that train never saw: \(AuditText.share(largest)) of a "
          + "role's rows at most."
    case .levelsUnseen(let names, let largest):
      return "\(AuditText.names(names)) \(names.count == 1 ? "has" : "have") levels in later rows "
        + "that train never saw, up to \(AuditText.share(largest)) of the rows: were they renamed?"
    }
  }
}

extension AuditResult.Future {
  fileprivate var words: String {
    func altered(_ alteration: FutureAlteration) -> String {
      let done = alteration == .poison ? "replaced by extreme values" : "removed"
      return "With everything that became known after a cutoff \(done), "
    }
    return switch self {
    case .read(let alteration, let isCohort, let features):
      altered(alteration)
        + AuditText.names((features + (isCohort ? ["the cohort"] : [])).sorted())
        + " changed: the panel reads data from the future."
    case .unreadable(let alteration):
      altered(alteration)
        + "the data can no longer be loaded, so there is nothing to compare."
    case .nothingLater:
      "Nothing in the data is later than the cutoffs examined, so nothing could have changed."
    case .unread(let alteration, let cutoffs):
      altered(alteration) + "the panels of "
        + cutoffs.map(\.description).joined(separator: ", ")
        + " are identical, value by value."
    }
  }
}

extension AuditResult.Permutation {
  fileprivate var words: String {
    let trained = "Trained and tested on randomly permuted labels, the model"
    func range(_ lower: Double, _ upper: Double) -> String {
      "\(AuditText.metric(lower)) to \(AuditText.metric(upper))"
    }
    return switch self {
    case .few(let few):
      "There are too few \(few.noun.many) to rule out chance: \(few.words)."
    case .oneClass: "The permuted test rows have only one class."
    case .wide(let lower, let upper):
      "An interval of \(range(lower, upper)) is so wide that it would cover 0.5 in any case."
    case .chance(let rocAUC, let lower, let upper):
      "\(trained) ranks no better than chance: ROC AUC \(AuditText.metric(rocAUC)), and "
        + "\(range(lower, upper)) covers 0.5."
    case .better:
      "\(trained) still ranks better than chance: it uses something that is not about its "
        + "entities, most likely the date."
    }
  }
}

extension AuditResult.Shift {
  fileprivate var words: String {
    switch self {
    case .oneClass:
      return "The test rows have only one class, so there is nothing to compare."
    case .few(let few): return "A gain could be chance: \(few.words)."
    case .gain(let days, let rocAUC, let earlier, let feature):
      let cause =
        feature.map { feature in
          "above all `\(feature.name)`, which reads \(AuditText.names(feature.columns)), does not "
            + "seem"
        } ?? "the newest labels or features do not seem"
      return "With all cutoffs \(days) days earlier, the ROC AUC rises from "
        + "\(AuditText.metric(rocAUC)) to \(AuditText.metric(earlier)), which is more than chance: "
        + "\(cause) to be complete."
    case .missed:
      return
        "Not all earlier cutoffs could be evaluated well enough, so a gain may have been missed."
    case .noGain:
      return
        "With all cutoffs 14 and 28 days earlier, the model is not significantly better, as it "
        + "would be if the newest labels or features were incomplete."
    }
  }
}

extension AuditResult.Snapshot {
  fileprivate var words: String {
    switch self {
    case .none: return "No earlier snapshot was given."
    case .nothingSince(let snapshot, let end):
      return "The snapshot is of \(snapshot) and the data end on \(end): nothing is later than the "
        + "snapshot."
    case .empty: return "The snapshot has no rows that could be compared."
    case .rewritten(let day, let problems):
      return "Since the snapshot of \(day), the past was rewritten: "
        + problems.map(\.words).joined(separator: "; ") + "."
    case .kept(let day, let days, let rows, let columns, let sources, let differing):
      return "The snapshot of \(day) is \(days.of("day")) older than the data: "
        + "\(rows.of("row")) and \(columns.of("column")) of "
        + "\(sources.of("source")) were compared, and "
        + (differing == 0
          ? "nothing was rewritten."
          : "at most \(differing.of("row")) differ in any one way.")
    }
  }
}

extension AuditResult.StaticDates {
  fileprivate var words: String {
    switch self {
    case .noLastDay: return "The data have no last day."
    case .none:
      return "The spec reads no date of class `static` that can be later than its row."
    case .ahead:
      return
        "Dates of class `static` reach beyond the end of the data, or are older than their rows."
    case .late(let recorded, let moved):
      var sentences: [String] = []
      if !recorded.isEmpty {
        let (verb, values) =
          recorded.count == 1 ? ("is", "its values stop") : ("are", "their values stop")
        sentences.append(
          "\(AuditText.names(recorded)) \(verb) declared `static`, but \(values) at the end of the "
            + "data: the dates record what happened, so their class is `event`.")
      }
      if !moved.isEmpty {
        let (verb, date) = moved.count == 1 ? ("is", "the date is") : ("are", "the dates are")
        sentences.append(
          "\(AuditText.names(moved)) \(verb) declared `static`, but never "
            + "\(moved.count == 1 ? "comes" : "come") to pass: \(date) moved later, for as long as "
            + "nothing happens.")
      }
      return sentences.joined(separator: " ")
    }
  }
}

extension AuditResult.StaticEffect {
  fileprivate var words: String {
    switch self {
    case .noFeatures: return "No feature reads `static` columns only."
    case .cutoffsFew:
      return "Not tested: there are fewer than \(StaticEffectCheck.fewestCutoffs) mature cutoffs "
        + "with rows of both classes."
    case .stable:
      return "What `static` columns say about the label stays the same over time."
    case .change(let growing, let fading, let label):
      var sentences: [String] = []
      if !growing.isEmpty {
        let isOne = growing.count == 1
        sentences.append(
          "\(AuditText.names(growing)) \(isOne ? "predicts" : "predict") the label better and better "
            + "toward the end of the data: \(isOne ? "its value was" : "their values were") "
            + "probably written after the event.")
      }
      if !fading.isEmpty {
        sentences.append(
          "\(AuditText.names(fading)) hardly \(fading.count == 1 ? "predicts" : "predict") the label "
            + "any more at the end of the data: have events of `\(label)` not arrived yet for some "
            + "rows?")
      }
      return sentences.joined(separator: " ")
    }
  }
}

extension PoorJoin {
  fileprivate var words: String {
    switch self {
    case .values(let share, let column, let source):
      "\(AuditText.share(share)) of the values of `\(column)` are no key of `\(source)`"
    case .rows(let share, let source):
      "\(AuditText.share(share)) of the rows of `\(source)` belong to no entity"
    case .panel(let source, let test, let train):
      "`\(source)` has no row for \(AuditText.share(test)) of the test rows, and for "
        + "\(AuditText.share(train)) of the train rows"
    }
  }
}

extension RewrittenPast {
  fileprivate var words: String {
    switch self {
    case .values(let columns):
      "\(AuditText.names(columns)) \(columns.count == 1 ? "has" : "have") other values"
    case .rowsGone(let count, let source):
      "\(count.of("row")) of `\(source)` are gone"
    case .rowsAdded(let count, let source):
      "\(count.of("row")) of `\(source)` were added with earlier days"
    }
  }
}

extension TooFewPositives {
  /// The reason that test rows are too few.
  var words: String { "the test rows have \(noun.count(found)), and \(needed) are needed" }
}

/// Numbers and lists in the form that an audit's sentences use.
enum AuditText {
  static func share(_ share: Double) -> String {
    let percent = share * 100
    if percent > 0, percent < 0.05 { return "less than 0.1 %" }
    return String(format: percent > 0 && percent < 9.95 ? "%.1f %%" : "%.0f %%", percent)
  }

  static func metric(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "-"
  }

  /// At most `limit` names in backticks, and how many more there are.
  static func names(_ names: [some CustomStringConvertible], limit: Int = 3) -> String {
    let shown = names.prefix(limit).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}
