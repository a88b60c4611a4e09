import Dispatch
import HoldoutTestSupport
import Learning
import Synchronization
import Testing

@Suite struct LightGBMDeterminismTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  @Test("The model text is the same on any thread count", arguments: [2, 3, 5])
  func threadCount(threads: Int) throws {
    let one = try golden.train(library, threads: 1).modelText
    #expect(try golden.train(library, threads: threads).modelText == one)
  }

  @Test("The model text does not depend on how rows are cut into blocks")
  func blocks() throws {
    let whole = try golden.train(library, threads: 2).modelText
    let pieces = try golden.train(library, threads: 2, blocks: [0, 1, 1023, 0, 1024, 3]).modelText
    #expect(whole == pieces)
  }

  @Test("Labels as bytes are weighted as the configuration says")
  func byteLabels() throws {
    let dataset = try Dataset(
      library: library, blocks: golden.blocks(), names: golden.names, encodings: golden.encodings,
      labels: golden.labels.map { UInt8($0) }, configuration: golden.configuration, threads: 2)
    let booster = try Booster.train(on: dataset, configuration: golden.configuration, threads: 2)
    #expect(try booster.modelText == golden.train(library, threads: 2).modelText)
  }

  @Test("A dataset binned on one thread count trains on another")
  func datasetAcrossThreadCounts() throws {
    let dataset = try golden.dataset(library, threads: 1)
    let booster = try Booster.train(
      on: dataset, configuration: golden.configuration, threads: 3)
    #expect(try booster.modelText == golden.train(library, threads: 2).modelText)
  }

  @Test("Quantized gradients give another model, and the same on any thread count")
  func quantizedGradients() throws {
    var configuration = golden.configuration
    configuration.quantizedGradients = true
    let texts = try [1, 2, 7].map { threads in
      try Booster.train(
        on: golden.dataset(library, threads: threads, configuration: configuration),
        configuration: configuration, threads: threads
      ).modelText
    }
    #expect(Set(texts).count == 1)
    #expect(texts[0].contains("[use_quantized_grad: 1]"))
    #expect(try golden.train(library, threads: 2).modelText != texts[0])
  }

  @Test("Trainings side by side, on one dataset and with several thread counts, do not disturb")
  func sideBySide() throws {
    let shared = try golden.dataset(library, threads: 2)
    let expected = try golden.train(library, threads: 1).modelText
    let texts = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      let threads = 1 + index % 3
      let text = try? Booster.train(
        on: index < 4 ? shared : golden.dataset(library, threads: threads),
        configuration: golden.configuration, threads: threads
      ).modelText
      texts.withLock { $0.append(text ?? "failed") }
    }
    #expect(texts.withLock { $0 } == [String](repeating: expected, count: 8))
  }

  @Test("One dataset serves several configurations, and refuses one that needs other bins")
  func reuse() throws {
    let dataset = try golden.dataset(library, threads: 2)
    var other = golden.configuration
    other.parameters.removeAll { $0.name == "learning_rate" }
    other.parameters.append(Parameter("eta", "0.3"))
    let booster = try Booster.train(on: dataset, configuration: other, threads: 2)
    let fresh = try Booster.train(
      on: golden.dataset(library, threads: 2, configuration: other), configuration: other,
      threads: 2)
    #expect(booster.modelText == fresh.modelText)
    other.parameters.append(Parameter("min_data_in_bin", "5"))
    #expect {
      try Booster.train(on: dataset, configuration: other, threads: 2)
    } throws: {
      ($0 as? LearningError)?.code == .invalidInput
    }
  }
}
