internal import Diagnostics
public import Panel
internal import YAML

/// A new spec with the sources that were inspected, and comments on what is left to write.
public struct SpecDraft: Sendable {
  /// The text of the file.
  public let text: String

  /// Writes the spec.
  public init(_ inspection: Inspection, name: String) {
    let sources = inspection.sources
    let entity = sources.first { $0.isEntity }
    let events = sources.first { $0.time != nil }
    let entityName = entity?.name ?? "ENTITY"
    let created = entity?.createdName
    let age = created.map { "{days_since: \(entityName).\($0)}" } ?? "{value: \(entityName).COLUMN}"
    let count = events.map { "\n#     - events: {count: \($0.name), within: [90 days, all]}" } ?? ""
    let label =
      events.map { "{source: \($0.name)}" } ?? "\(entityName).COLUMN"
    text = """
      version: 1
      name: \(YAMLWriter.inline(name))
      # description: the question, in one sentence

      \(Self.end(events))
      \(SourcesBlock(inspection).text)
      # What is left to write. docs/spec.md explains every key, and `holdout check` lists what is
      # missing.
      #
      # feature_sets:
      #   account:
      #     - age_days: \(age)\(count)
      #
      # The days at which predictions are made, counted back from the last with complete labels.
      # cutoffs: {every: month_end, train: 24, calibrate: 3, test: 3}
      #
      # Who is eligible at a cutoff: every row of the entity that meets all rules.
      # cohort:
      #   entity: \(entityName)
      #   where: []
      #
      # 1 if it happens within the horizon after a cutoff, else 0.
      # label: {event: \(label), horizon: 90 days}
      #
      # features: [account]

      """
  }

  /// The line with the last day of the data.
  private static func end(_ events: InspectedSource?) -> String {
    let what = "# The last day that the data have observed completely.\n"
    guard let events, let time = events.time, let last = events.columns[time].extremes?.high else {
      return what + "# data_through: 2025-12-31\n"
    }
    return what + "data_through: \(last)   "
      + YAMLWriter.comment("# the last day in \(events.name); is it complete?") + "\n"
  }
}

extension InspectedSource {
  fileprivate var isEntity: Bool { if case .entity = shape { true } else { false } }

  fileprivate var createdName: String? {
    if case .entity(let created?) = shape { columns[created].identifier } else { nil }
  }

  fileprivate var time: Int? { if case .events(let time, _) = shape { time } else { nil } }
}
