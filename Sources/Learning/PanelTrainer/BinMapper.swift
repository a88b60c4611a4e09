/// How one feature's numbers become bins: LightGBM's own rule, as its dataset stores it.
struct BinMapper: Sendable {
  /// What a missing value means to a split.
  enum Missing: Int, Sendable {
    /// Nothing is missing; NaN is read as 0.
    case none = 0
    /// A zero is missing.
    case zero = 1
    /// NaN has the last bin.
    case nan = 2
  }

  let binCount: Int
  let missing: Missing
  let isCategory: Bool
  /// The bin of 0.
  let defaultBin: Int
  /// The most frequent bin of the sample. LightGBM does not count it but subtracts the others.
  let mostFrequentBin: Int
  /// The largest number of each bin, ascending; empty for categories. With `missing == .nan` the
  /// last one belongs to NaN and is no bound.
  let upperBounds: [Double]
  /// The category of each bin, -1 in bin 0 for all others; empty for numbers.
  let categories: [Int32]
  private let binOfCategory: [Int32: Int]

  init(
    binCount: Int, missing: Missing, isCategory: Bool, defaultBin: Int, mostFrequentBin: Int,
    upperBounds: [Double], categories: [Int32]
  ) {
    self.binCount = binCount
    self.missing = missing
    self.isCategory = isCategory
    self.defaultBin = defaultBin
    self.mostFrequentBin = mostFrequentBin
    self.upperBounds = upperBounds
    self.categories = categories
    binOfCategory = Dictionary(
      zip(categories, categories.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The number of bins in which numbers are searched.
  private var numberBinCount: Int { missing == .nan ? binCount - 1 : binCount }

  /// Returns the bin of a number.
  func bin(of value: Double) -> Int {
    if isCategory {
      guard !value.isNaN, value > -1, value < 2_147_483_648 else { return 0 }
      let category = Int32(value)
      return category < 0 ? 0 : binOfCategory[category] ?? 0
    }
    if value.isNaN, missing == .nan { return binCount - 1 }
    return upperBounds.withUnsafeBufferPointer {
      Self.search($0, count: numberBinCount, value.isNaN ? 0 : value)
    }
  }

  /// Returns the first bin whose bound is not below a value, or the last bin.
  @inline(__always)
  static func search(_ bounds: UnsafeBufferPointer<Double>, count: Int, _ value: Double) -> Int {
    var first = 0
    var last = count - 1
    while first < last {
      let middle = (first + last) / 2
      if bounds[middle] < value { first = middle + 1 } else { last = middle }
    }
    return first
  }
}
