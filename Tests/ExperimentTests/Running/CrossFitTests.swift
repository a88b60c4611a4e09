import Experiment
import HoldoutTestSupport
import Panel
import Testing

@Suite struct CrossFitTests {
  @Test func `the fold of an entity is that of its key's SHA-256`() {
    // The first eight bytes as a number modulo the folds, worked out with Python's hashlib.
    let expected = [
      ("C0001", [0, 2, 1]), ("Größe", [0, 2, 3]), ("", [0, 2, 1]), ("a", [0, 0, 4]),
    ]
    for (key, folds) in expected {
      #expect([2, 5, 7].map { CrossFit.fold(ofKey: key, of: $0) } == folds, "\(key)")
    }
  }

  private struct Fitted {
    let builder: PanelBuilder
    let train: [PanelBlock]
    let texts: PanelTexts

    init(_ bench: AccountsBench) throws {
      builder = try bench.builder(
        "cutoffs: {train: 3, calibrate: 0}\ncalibration: {fit: cross_fit}\n")
      train = try builder.blocks(builder.timeline[.train], threads: 1)
      texts = try PanelTexts(builder)
    }

    func crossFit(_ train: [PanelBlock]? = nil, folds: Int = 3) throws -> CrossFit {
      try CrossFit(
        builder.spec, folds: folds, train: train ?? self.train, texts: texts,
        library: NativeTestLibrary.loadLightGBM(), logOddsPerMargin: 1,
        settings: RunSettings(threads: 1))
    }
  }

  @Test func `each row has the margin of a model fitted on all entities of the other folds`() throws
  {
    let fitted = try Fitted(AccountsBench())
    let found = try fitted.crossFit()
    // The same by hand, one fold after the other.
    var (margins, labels, entities): ([Double], [UInt8], [Int32]) = ([], [], [])
    for fold in 0..<3 {
      func part(_ isOwn: Bool) -> [PanelBlock] {
        fitted.train.map { block in
          block.rows(
            (0..<block.rowCount).filter { row in
              let key = fitted.texts.keys[Int(block.entities[row])]
              return (CrossFit.fold(ofKey: key, of: 3) == fold) == isOwn
            })
        }
      }
      let model = try TrainedModel(
        fitted.builder.spec, train: part(false), texts: fitted.texts,
        library: NativeTestLibrary.loadLightGBM(), settings: RunSettings(threads: 1))
      margins += try model.margins(part(true), threads: 1)
      labels += part(true).flatMap(\.labels)
      entities += part(true).flatMap(\.entities)
    }
    #expect(found.margins == margins)
    #expect(found.labels == labels && found.entities == entities)
    #expect(found.folds == 3)
    // Every train row once, and no entity on both sides of a fold.
    #expect(entities.sorted() == fitted.train.flatMap(\.entities).sorted())
    let counts = Set(
      Set(entities).map { CrossFit.fold(ofKey: fitted.texts.keys[Int($0)], of: 3) })
    #expect(counts == [0, 1, 2])
  }

  @Test func `an entity's labels change nothing about its own margins`() throws {
    let fitted = try Fitted(AccountsBench())
    let before = try fitted.crossFit()
    let entity = try #require(fitted.train[0].entities.first)
    let turned = fitted.train.map { block in
      block.labelled(
        zip(block.entities, block.labels).map { $0 == entity ? 1 - $1 : $1 })
    }
    let after = try fitted.crossFit(turned)
    func margins(_ fit: CrossFit, _ isWanted: (Int32) -> Bool) -> [Double] {
      zip(fit.entities, fit.margins).filter { isWanted($0.0) }.map(\.1)
    }
    #expect(margins(before) { $0 == entity }.count == 3)
    #expect(margins(before) { $0 == entity } == margins(after) { $0 == entity })
    // The others' models have learned from the turned labels.
    #expect(margins(before) { $0 != entity } != margins(after) { $0 != entity })
  }

  @Test func `a fold without positives to learn from is refused`() throws {
    let fitted = try Fitted(AccountsBench())
    let one = try #require(fitted.train.flatMap(\.buyers).first)
    let few = fitted.train.map { block in
      block.labelled(block.entities.map { $0 == one ? 1 : 0 })
    }
    #expect(try findings { _ = try fitted.crossFit(few) }.count == 1)
  }
}
