import Foundation
import HoldoutTestSupport
import Reports
import Testing

@Suite struct GalleryTests {
  /// With HOLDOUT_RECORD=1 the page is written again instead of compared.
  @Test func `docs charts html has every chart`() throws {
    let path = "\(Repository.folder)/docs/charts.html"
    let printed = Gallery.page.html()
    if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] != nil {
      try Data(printed.utf8).write(to: URL(filePath: path))
    }
    let isSame = try String(contentsOfFile: path, encoding: .utf8) == printed
    #expect(isSame, "record it again with HOLDOUT_RECORD=1")
  }

  @Test func `the page is well-formed`() {
    #expect(Markup.problem(in: Gallery.page.html()) == nil)
  }

  @Test func `a page with every kind of chart is small`() {
    let size = Page(Gallery.kinds.map { .figure($0.figure) }).html().utf8.count
    #expect(size < 200_000, "\(size) bytes")
  }
}
