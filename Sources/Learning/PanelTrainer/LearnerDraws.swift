internal import Foundation

/// LightGBM's generator of random numbers: a linear congruential one, modulo 2^32.
struct LearnerRandom: Sendable {
  private var state: UInt32

  init(seed: Int) { state = UInt32(truncatingIfNeeded: seed) }

  private mutating func next() -> UInt32 {
    state = 214013 &* state &+ 2_531_011
    return state
  }

  /// Draws a multiple of 2^-15 from 0 up to but excluding 1.
  mutating func fraction() -> Float { Float(next() >> 16 & 0x7FFF) / 32768 }

  /// Draws a number from 0 up to but excluding `end`.
  mutating func whole(below end: Int) -> Int { Int(next() & 0x7FFF_FFFF) % end }

  /// Draws some of the numbers below `count`, ascending.
  mutating func sample(_ size: Int, of count: Int) -> [Int] {
    if size > count || size <= 0 { return [] }
    if size == count { return Array(0..<count) }
    if size > 1, Double(size) > Double(count) / log2(Double(size)) {
      var drawn: [Int] = []
      for number in 0..<count {
        let share = Double(size - drawn.count) / Double(count - number)
        if Double(fraction()) < share { drawn.append(number) }
      }
      return drawn
    }
    var drawn: Set<Int> = []
    for last in count - size..<count {
      let number = whole(below: last + 1)
      if !drawn.insert(number).inserted { drawn.insert(last) }
    }
    return drawn.sorted()
  }
}

/// The features that each tree may use.
struct FeatureDraws: Sendable {
  private var random: LearnerRandom
  private let count: Int
  private let size: Int

  /// - Parameter count: the number of features that may split.
  init(_ parameters: TreeParameters, count: Int) {
    random = LearnerRandom(seed: parameters.featureSeed)
    self.count = count
    let isAll = parameters.featureFraction >= 1
    size =
      isAll ? count : max(Int(Double(count) * parameters.featureFraction + 0.5), min(1, count))
    // LightGBM draws once while it starts.
    if !isAll { _ = random.sample(size, of: count) }
  }

  /// Returns which features the next tree may use.
  mutating func next() -> [Bool] {
    guard size < count else {
      return [Bool](repeating: true, count: count)
    }
    var used = [Bool](repeating: false, count: count)
    for feature in random.sample(size, of: count) { used[feature] = true }
    return used
  }
}

/// The rows of the bags, which are drawn by the rows' own indices.
struct RowBags {
  private static let blockSize = 1024

  private let parameters: TreeParameters
  private let labels: [Float]
  private let slotOfRow: [Int32]
  private var random: [LearnerRandom]
  private var hasDrawn = false
  /// The slots of the present bag; nil if it has all rows.
  private(set) var bag: PlainMemory<UInt64>?
  /// The number of rows in the bag.
  private(set) var count: Int

  init(_ parameters: TreeParameters, labels: [Float], rows: PanelRows) {
    self.parameters = parameters
    self.labels = labels
    slotOfRow = rows.slotOfRow
    count = labels.count
    let blocks = (labels.count + Self.blockSize - 1) / Self.blockSize
    random = (0..<blocks).map { LearnerRandom(seed: parameters.baggingSeed + $0) }
    if Self.draws(parameters) { bag = PlainMemory(zeros: rows.slots.wordCount) }
  }

  private static func isByLabel(_ parameters: TreeParameters) -> Bool {
    parameters.positiveFraction < 1 || parameters.negativeFraction < 1
  }

  private static func draws(_ parameters: TreeParameters) -> Bool {
    parameters.baggingFrequency > 0
      && (parameters.baggingFraction < 1 || isByLabel(parameters))
  }

  /// Draws the bag of a tree, if it needs another than the one before.
  mutating func draw(iteration: Int) {
    // Once a bag has all rows, LightGBM draws no other.
    guard let bag,
      !hasDrawn || count < labels.count && iteration % parameters.baggingFrequency == 0
    else { return }
    hasDrawn = true
    let isByLabel = Self.isByLabel(parameters)
    for word in 0..<bag.count { bag[word] = 0 }
    count = 0
    for row in labels.indices {
      let limit =
        !isByLabel
        ? parameters.baggingFraction
        : labels[row] > 0 ? parameters.positiveFraction : parameters.negativeFraction
      guard Double(random[row / Self.blockSize].fraction()) < limit else { continue }
      let slot = Int(slotOfRow[row])
      bag[slot / 64] |= 1 << UInt64(slot % 64)
      count += 1
    }
  }
}
