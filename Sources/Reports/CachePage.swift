internal import Diagnostics
public import Experiment

extension Page {
  /// The stages that a run of a spec would compute again, and why.
  public init(_ report: WhyReport) {
    if let unknown = report.unknown {
      self.init([.paragraph("\(report.name): \(unknown)")])
      return
    }
    let rows = report.stages.map { stage in
      [
        stage.stage, stage.isHit ? "hit" : "miss",
        stage.parts > 1 ? "\(stage.hits) of \(stage.parts) cached" : "",
        stage.isHit ? "" : stage.differs.map { "changed: \($0)" } ?? "not made yet, or pruned",
      ]
    }
    let table = Table(
      [.text(""), .text("", width: 4), .text("", width: 16), .text("")], rows: rows,
      isWhole: true)
    self.init([.group([.paragraph(report.name), .indented(2, [.table(table)])])])
  }
}
