internal import Diagnostics
package import Experiment
internal import Foundation
internal import Panel
internal import Spec

extension AuditDetail {
  /// The detail in one line.
  package var words: String {
    switch self {
    case .on(let day, let detail): return "\(day): \(detail.words)"
    case .finding(let id, let message): return "\(id): \(message)"
    case .failure(let text): return text

    case .rowsBeforeCreation(let source, let positives, let others):
      return "`\(source)`: rows from before creation for \(AuditText.share(positives)) of the "
        + "positive entities that have rows, and for \(AuditText.share(others)) of the others"
    case .foldedFeature(let name):
      return
        "`\(name)`: every level is rarer than `min_frequency`, so the model learns nothing from it"
    case .deadFeature(let name, let isNull, let rows):
      return "`\(name)`: \(isNull ? "null" : "the same") in all \(rows.of("row"))"
    case .endChange(let change, let columns): return change.words(reads: columns)

    case .samePanel(let rows, let digest):
      return "\(rows.of("row")), SHA-256 \(digest.prefix(16)) both"
    case .otherPanel(let digest, let altered):
      return "SHA-256 \(digest.prefix(16)) became \(altered.prefix(16))"
    case .panelDifference(let difference): return difference.words

    case .keyCoverage(let coverage): return coverage.words
    case .deletedEntities(let source, let older, let olderDays, let newest, let newestDays):
      return
        "`\(source)`: \(AuditText.share(older)) of the rows that are at least \(olderDays) days "
        + "old belong to no entity, and \(AuditText.share(newest)) of those of the last "
        + "\(newestDays) days"
    case .withoutRow(let source, let test, let rows, let train):
      return "`\(source)`: no row for \(AuditText.share(test)) of the "
        + "\(rows.of("test row")), \(AuditText.share(train)) of the train rows"

    case .arrivals(let proximity):
      return "`\(proximity.name)`: \(proximity.around.grouped) values on \(proximity.dayName), "
        + "\(proximity.times) the average day of the 90 before; "
        + "\(AuditText.share(proximity.share)) of the values of these days"
    case .arrivalsFew(let column):
      return "`\(column)`: fewer than \(KnownAtProximityCheck.minimum) values, not compared"
    case .permutation(let number, let rocAUC, let lower, let upper):
      return "permutation \(number): ROC AUC \(AuditText.metric(rocAUC)), 99 % interval "
        + "\(AuditText.metric(lower)) to \(AuditText.metric(upper))"
    case .nullShares(let column, let positives, let others):
      return "`\(column)`: null in \(AuditText.share(positives)) of the rows of positive entities, "
        + "\(AuditText.share(others)) of the others"
    case .rowChange(let change): return change.words
    case .dominanceLimits:
      return "the check fails if the ROC AUC is at least 0.95 and the share at least 90 %"
    case .roleOverlap(let first, let second, let pairs, let isClustered, let cutoffPairs):
      return "\(first.rawValue) and \(second.rawValue): \(pairs.of("pair")) of "
        + "\(isClustered ? "rows of a cluster" : "rows") over "
        + "\(cutoffPairs.of("pair")) of cutoffs"

    case .trial(let days, let figures):
      return "\(days == 0 ? "as it is" : "\(days) days earlier"): \(figures.words)"
    case .shiftOneClass(let days, let role):
      return "\(days) days earlier: the \(role.rawValue) rows have only one class"
    case .shiftFew(let days, let few): return "\(days) days earlier: \(few.words)"
    case .shiftWide(let days, let gain):
      return "\(days) days earlier: a gain of \(gain) could be chance"
    case .featureGain(let name, let rocAUC, let days, let earlier):
      return "`\(name)` by itself: ROC AUC \(AuditText.metric(rocAUC)), \(days) days earlier "
        + AuditText.metric(earlier)

    case .snapshot(let detail): return detail.words

    case .staticDate(let date, let days):
      return
        "`\(date.column)`: \(date.before.grouped) values in the last \(days) days of the data, "
        + "\(date.after.grouped) in the \(days) days after them"
    case .movedDate(let date):
      let term = date.term.grouped
      return "`\(date.column)`: rows of the last \(term) days have dates up to \(term) days after "
        + "they began; of \(date.older.of("older row")), \(date.passed.grouped) have "
        + "passed theirs"
    case .effect(let feature, let columns, let trend):
      let read = columns.map { "`\($0)`" }.joined(separator: ", ")
      return "`\(feature)` (reads \(read)): effect \(NumberText.metric(trend.first)) in the first "
        + "third of the cutoffs, \(NumberText.metric(trend.last)) in the last; "
        + "\(NumberText.metric(abs(trend.deviate))) standard errors"
    case .unseenLevels(let feature, let role, let share, let levels):
      return "`\(feature)`: \(AuditText.share(share)) of the \(role.rawValue) rows have one of "
        + "\(levels.count.of("level")) that train never saw: "
        + AuditText.names(levels.map { $0 ?? "(null)" })
    }
  }
}

extension AuditDetail.Snapshot {
  fileprivate var words: String {
    func count(_ rows: SourceChanges.Rows, of all: Int) -> String {
      let share = all == 0 ? 0 : Double(rows.count) / Double(all)
      return "\(rows.count.of("row")) (\(AuditText.share(share)))"
    }
    func example(
      _ rows: SourceChanges.Rows, _ words: (SourceChanges.Example) -> String
    ) -> String {
      rows.example.map { ", for example `\($0.key)`: \(words($0))" } ?? ""
    }
    func text(_ value: String?) -> String { value.map { "`\($0)`" } ?? "nothing" }
    switch self {
    case .compared(let source, let rows, let columns):
      return "`\(source)`: \(rows.of("row")) and "
        + "\(columns.of("column")) compared"
    case .valuesChanged(let column, let changed, let all, let shares, let event):
      let apart =
        shares.map { shares in
          "; \(AuditText.share(shares.positives)) of the rows of entities with \(event.words) since "
            + "then, \(AuditText.share(shares.others)) of the others"
        } ?? ""
      return "`\(column)`: another value in " + count(changed, of: all)
        + example(changed) { "\(text($0.before)) became \(text($0.after))" } + apart
    case .rowsGone(let source, let rows, let all):
      return "`\(source)`: \(count(rows, of: all)) gone"
        + example(rows) { $0.before.map { "dated \($0)" } ?? "no day" }
    case .rowsAdded(let source, let rows):
      return "`\(source)`: \(rows.count.of("row")) added that "
        + "\(rows.count == 1 ? "is" : "are") dated on or before the snapshot's day"
        + example(rows) { $0.after.map { "dated \($0)" } ?? "no day" }
    case .columnsNotKept(let columns):
      return "\(AuditText.names(columns, limit: 10)): not in the snapshot, or of another type"
    case .sourceNotKept(let source): return "`\(source)` is not in the snapshot"
    case .sourceTimedOtherwise(let source):
      return "`\(source)` is placed in time by other keys, or another `day`, than in the snapshot"
    }
  }
}

extension ArrivalProximity {
  /// Such as `3.4 times`.
  var times: String { String(format: "%.1f times", ratio) }

  var dayName: String {
    switch day {
    case .cutoff: "the cutoffs' own days"
    case .dayBefore: "the days before the cutoffs"
    }
  }
}

extension EndChange {
  /// - Parameter columns: the columns that the feature reads.
  fileprivate func words(reads columns: [String]) -> String {
    let kind =
      switch part {
      case .high: "values with \(NumberText.metric(lift)) times the average rate of positives"
      case .low: "values with \(NumberText.metric(lift)) of the average rate of positives"
      case .missing: "missing values"
      }
    let reads =
      columns.isEmpty ? "" : " (reads \(columns.map { "`\($0)`" }.joined(separator: ", ")))"
    return "`\(name)`\(reads): \(kind) are in \(AuditText.share(before)) of the rows at the last "
      + "mature cutoff and in \(AuditText.share(end)) on the last day of the data; over as many "
      + "days in the past, their odds changed by a factor of \(NumberText.metric(pastFactor)) at "
      + "most"
  }
}

extension PanelDifference {
  fileprivate var words: String {
    let change =
      switch change {
      case .left: "in the cohort became not in it"
      case .joined: "not in the cohort became in it"
      case .value(let before, let after): "\(before.words) became \(after.words)"
      }
    return (feature.map { "`\($0)`" } ?? "the cohort")
      + " differs in \(rows.of("row")), for example `\(key)`: \(change)"
  }
}

extension PanelDifference.Value {
  fileprivate var words: String {
    switch self {
    case .missing: "nothing"
    case .number(let value): NumberText.metric(value)
    case .text(let text): "`\(text)`"
    }
  }
}

extension KeyCoverage {
  fileprivate var words: String {
    let some = examples.isEmpty ? "" : ", for example \(AuditText.names(examples))"
    guard let key = foreignKey else {
      return "`\(source)`: \(unmatched.grouped) of \(rows.of("row")) belong to no "
        + "entity\(some)"
    }
    return "`\(source)`: \(unmatched.grouped) of \(rows.of("value")) of `\(key)` are "
      + "no key of it\(some)"
  }
}

extension RowChange {
  fileprivate var words: String {
    let shown =
      switch level {
      case .missing: "missing"
      case .zero: "zero"
      case .quarter(let number):
        "the \(["lowest", "second", "third", "highest"][number - 1]) quarter"
      case .text(let text): "`\(text)`"
      case .other: "another value"
      }
    return
      "`\(name)`: \(shown) in \(AuditText.share(newest)) of the rows of the last \(days) days, "
      + "and in \(AuditText.share(older)) of those that are older than \(olderDays) days"
  }
}

extension TrialFigures {
  fileprivate var words: String {
    "ROC AUC \(AuditText.metric(rocAUC)), \(noun.count(positives)), base rate "
      + String(format: "%.2f %%", baseRate * 100)
  }
}

extension SinceEvent {
  fileprivate var words: String {
    switch self {
    case .label: "the label's event"
    case .absent(let source): "an event of `\(source)`"
    }
  }
}
