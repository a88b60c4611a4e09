internal import Diagnostics
internal import Spec

extension ScoreReport {
  /// What was published, for a terminal; ends with a newline.
  /// - Parameter isWhole: whether who is selected and what changed are told of in full.
  public func text(isWhole: Bool) -> String {
    var lines = [
      "\(name): \(rowCount.grouped) rows at \(cutoff) scored by run \(runId), "
        + "\(publishedCount.grouped) published"
    ]
    if let written {
      if let table = written.table {
        let what =
          written.madeTable
          ? "made" : written.replaced > 0 ? "\(written.replaced.grouped) rows replaced" : "added"
        let new = written.addedColumns.isEmpty ? "" : "; new columns \(written.addedColumns.listed)"
        lines.append("table:  \(table) (\(what)\(new))")
      }
      if let file = written.file { lines.append("file:   \(file)") }
    } else {
      lines.append("nothing was written")
    }
    var text = lines.joined(separator: "\n") + "\n"
    if let allocation { text += "\n" + allocation.text(top: isWhole ? 20 : 5) }
    if let changes {
      text +=
        "\n" + changes.list.text(lastName: "the list of \(changes.since)", top: isWhole ? 10 : 0)
    }
    return text
  }
}
