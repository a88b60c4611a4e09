internal import Diagnostics
internal import Evaluation
package import Runs
package import Spec

/// The segments of a run, on its report and on the terminal.
package struct SegmentBlocks {
  private let segments: [RunCurves.Segment]
  private let noun: PositiveNoun

  /// The levels with a row of their own in a table.
  private static let limit = 20

  /// - Parameter noun: what the spec calls positive entities.
  package init(_ segments: [RunCurves.Segment], noun: PositiveNoun) {
    (self.segments, self.noun) = (segments, noun)
  }

  /// The section of a report; empty without segments.
  package var section: [Page.Block] {
    guard let level = segments.first.map({ NumberText.level($0.study.level) }) else { return [] }
    return [
      .heading("Segments", level: 2),
      .paragraph(
        """
        Ask first whether the levels differ at all: of many, one always looks bad. `ratio` is \
        positives over expected positives; its interval keeps the rows of an entity together. \
        `shrunken` is the ratio to act on: a ratio of little evidence is moved towards that of all \
        levels. `p` is that of a ratio of 1, corrected for the number of levels. Levels with fewer \
        than 5 \(noun.many) and fewer than 5 expected ones are counted together.
        """),
    ]
      + segments.flatMap { segment in
        [
          .heading(segment.name, level: 3),
          .paragraph(sentence(segment)),
          .table(table(segment, level)),
          .paragraph(
            segment.study.levels.count > Self.limit
              ? "The \(Self.limit) of \(segment.study.levels.count) levels with the most positives."
              : ""),
        ]
      }
  }

  /// A line for each segment.
  package var lines: [String] {
    segments.map { segment in
      let (study, verdict) = (segment.study, verdict(segment.study))
      let levels = study.levels.compactMap { level in
        level.figures.shrunken.map { (name: segment.name(of: level).shortened, ratio: $0) }
      }
      guard verdict.isDifferent, let lowest = levels.min(by: { $0.ratio < $1.ratio }),
        let highest = levels.max(by: { $0.ratio < $1.ratio }), lowest.name != highest.name
      else { return "\(segment.name): \(verdict.phrase)" }
      return
        "\(segment.name): \(verdict.phrase): positives over expected positives, shrunken, from "
        + "\(NumberText.metric(lowest.ratio)) in `\(lowest.name)` to "
        + "\(NumberText.metric(highest.ratio)) in `\(highest.name)`"
    }
  }

  /// Whether the levels of a segment are alike.
  func sentence(_ segment: RunCurves.Segment) -> String { verdict(segment.study).sentence }

  private func verdict(_ study: SegmentStudy) -> (
    isDifferent: Bool, phrase: String, sentence: String
  ) {
    guard let alike = study.alike else {
      return (false, "fewer than two levels", "Fewer than two levels have test rows to compare.")
    }
    let test = "p \(NumberText.probability(alike.pValue)) for \(alike.levels) levels"
    if alike.pValue < 1 - study.level {
      return (
        true, "the levels differ (\(test))", "The levels differ by more than chance (\(test))."
      )
    }
    guard study.canCompareLevels else {
      return (
        false, "too few \(noun.many) to compare levels (\(test))",
        "Fewer than two of the levels compared have 5 expected \(noun.many), so no difference could be "
          + "found (\(test))."
      )
    }
    return (
      false, "no difference beyond chance (\(test))",
      "The levels do not differ by more than chance (\(test))."
    )
  }

  private func table(_ segment: RunCurves.Segment, _ level: String) -> Table {
    let study = segment.study
    let levels = study.levels.map { (name: segment.name(of: $0), level: $0) }.sorted {
      let (left, right) = ($0.level.figures.positives, $1.level.figures.positives)
      return left == right ? $0.level.index < $1.level.index : left > right
    }
    let small = study.smallLevels == 1 ? "1 small level" : "\(study.smallLevels) small levels"
    let rest = [
      study.small.map { row(small, $0) }, study.unassigned.map { row("no level", $0) },
      row("all rows", study.all),
    ].compactMap(\.self)
    return Table(
      [
        .text("level"), .number("rows"), .number("positives"), .number(noun.many),
        .number("ratio"), .text("\(level) interval"), .number("shrunken"), .number("p"),
        .number("roc_auc"), .text("\(level) interval"),
      ],
      rows: levels.prefix(Self.limit).map {
        row($0.name, $0.level.figures, $0.level.adjustedPValue)
      }
        + rest)
  }

  private func row(
    _ name: String, _ figures: SegmentStudy.Figures, _ pValue: Double? = nil
  ) -> [String] {
    [
      name, figures.rows.grouped, figures.positives.grouped, figures.positiveEntities.grouped,
      NumberText.metric(figures.ratio?.ratio),
      figures.ratio.map { NumberText.interval($0.lower, $0.upper) } ?? "-",
      NumberText.metric(figures.shrunken), pValue.map(NumberText.probability) ?? "-",
      NumberText.metric(figures.rocAuc),
      figures.rocAucInterval.map { NumberText.interval($0.lower, $0.upper) } ?? "-",
    ]
  }
}
