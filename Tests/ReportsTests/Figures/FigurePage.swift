import Evaluation
import Foundation
import HoldoutTestSupport
import Testing

/// A page as HTML, and where its words and figures are.
struct FigurePage {
  let html: String

  /// The titles of the figures, in order.
  var titles: [String] {
    html.matches(of: #/<figcaption><strong>(.*?)<\/strong>/#).map { String($0.1) }
  }

  /// The headings of level 2, in order.
  var sections: [String] {
    html.matches(of: #/<h2[^>]*>(.*?)<\/h2>/#).map { String($0.1) }
  }

  /// The figure with a title, with its table.
  func figure(_ title: String) throws -> String {
    let parts = html.components(separatedBy: "<figure ")
    let own = try #require(
      parts.dropFirst().first { $0.contains("<figcaption><strong>\(title)</strong>") },
      "\(titles)")
    return String(own.prefix(upTo: own.firstRange(of: "</figure>")?.lowerBound ?? own.endIndex))
  }

  /// The rows of the table of a figure, cell by cell.
  func numbers(_ title: String) throws -> [[String]] {
    try figure(title).matches(of: #/<tr>(.*?)<\/tr>/#).map { row in
      row.1.matches(of: #/<t[dh][^>]*>(.*?)<\/t[dh]>/#).map { String($0.1) }
    }
  }

  /// Checks that the page is well-formed, and that words come before the first figure.
  func expect(conclusion: String, _ place: SourceLocation = #_sourceLocation) throws {
    #expect(Markup.problem(in: html) == nil, sourceLocation: place)
    let words = try #require(html.firstRange(of: conclusion), sourceLocation: place)
    let main = try #require(html.firstRange(of: "<main "), sourceLocation: place)
    let figure = html.firstRange(of: "<figure ")?.lowerBound ?? html.endIndex
    #expect(main.lowerBound < words.lowerBound, sourceLocation: place)
    #expect(words.lowerBound < figure, sourceLocation: place)
  }
}

/// Names that end an element or an attribute.
let oddNames = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "שלום 12"]

extension MetricTree {
  /// A metrics.json with pooled metrics, intervals of half a width, and rows.
  static func run(
    _ pooled: [String: Double], width: Double = 0.04, rows: Int = 900, positives: Int = 90
  ) -> MetricTree {
    let counts = ["rows": Double(rows), "positives": Double(positives)]
    let intervals = pooled.mapValues { MetricTree(["low": $0 - width, "high": $0 + width]) }
    return .object([
      "test": .object([
        "pooled": MetricTree(pooled.merging(counts) { own, _ in own }),
        "interval": .object(intervals),
      ])
    ])
  }
}
