/// The monotone sequence with the least weighted squared distance from `values`.
///
/// One pass (Busing, 2022): each value starts a block of its own; while it does not exceed the block
/// before it, both are pooled into their weighted mean, first with the violators that follow, then
/// with those before. Equal neighbours are pooled too, so a flat part has one value, bit by bit.
func pooledAdjacentViolators(
  _ values: [Double], _ weights: [Double], isIncreasing: Bool
) -> [Double] {
  guard isIncreasing else {
    return pooledAdjacentViolators(
      values.reversed(), weights.reversed(), isIncreasing: true
    ).reversed()
  }
  guard let first = values.first else { return [] }
  var means = [first]
  var blockWeights = [weights[0]]
  var ends = [1]
  var index = 1
  while index < values.count {
    var mean = values[index]
    var weight = weights[index]
    if means[means.count - 1] >= mean {
      let previous = (mean: means.removeLast(), weight: blockWeights.removeLast())
      ends.removeLast()
      var sum = previous.weight * previous.mean + weight * mean
      weight += previous.weight
      mean = sum / weight
      while index + 1 < values.count, mean >= values[index + 1] {
        index += 1
        sum += weights[index] * values[index]
        weight += weights[index]
        mean = sum / weight
      }
      while let before = means.last, before >= mean {
        let beforeWeight = blockWeights.removeLast()
        sum += beforeWeight * before
        weight += beforeWeight
        mean = sum / weight
        means.removeLast()
        ends.removeLast()
      }
    }
    means.append(mean)
    blockWeights.append(weight)
    ends.append(index + 1)
    index += 1
  }
  var fitted: [Double] = []
  fitted.reserveCapacity(values.count)
  for (mean, end) in zip(means, ends) {
    fitted.append(contentsOf: repeatElement(mean, count: end - fitted.count))
  }
  return fitted
}
