internal import Diagnostics
internal import Learning
internal import Panel
internal import Runs
internal import Spec

// How the run was made, and how to make it again.
extension RunFigures {
  var origin: [Page.Block] {
    [
      .heading("How it was made", level: 2), .list(learning),
      .paragraph("The same spec, data, and versions give the same run, byte for byte:"),
      .code("holdout run \(folder)/spec.yaml"), .details("Data and versions", [.table(inputs)]),
      .details(
        "The spec",
        [
          .paragraph(
            "What decides the results, with everything that the spec extends and every default. Its "
              + "SHA-256 is \(summary.specSha256)."), .code(summary.specText),
        ]),
    ]
  }

  /// The run's folder, relative to the folder of results.
  private var folder: String { "results/\(summary.name)/runs/\(summary.runId)" }

  /// Nothing about a refit: the page is of the run, and the same with and without one.
  private var learning: [String] {
    ["Run `\(summary.runId)`, data through \(summary.timeline.dataThrough)."]
      + (summary.sample.map { ["Trained on \($0.words)."] } ?? [])
      + (summary.trees.map { ["Trees: \($0.words)."] } ?? [])
      + (summary.penaltyWords(spec).map { ["Penalty: \($0)."] } ?? [])
      + ["Calibration: \(summary.calibration.words)."]
  }

  private var inputs: Table {
    Table(
      [.text("input"), .text("what"), .text("version or fingerprint")],
      rows: summary.data.map { print in
        [
          "source `\(print.source)`", print.path,
          print.sha256.map { "SHA-256 \($0)" } ?? print.contentHash.map { "content hash \($0)" }
            ?? "-",
        ]
      } + summary.versions.sorted { $0.key < $1.key }.map { ["program", $0.key, $0.value] },
      isWhole: true)
  }
}
