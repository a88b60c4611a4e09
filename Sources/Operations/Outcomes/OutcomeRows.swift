/// The rows of all lists end to end, with entities numbered from 0 without gaps.
struct OutcomeRows: Sendable {
  let entities: [Int32]
  let scores: [Double]
  /// 1 for a win.
  let labels: [UInt8]
  let list: [Int32]
  let selected: [Bool]?
  let groups: [[Int32]]
  let tenths: [Int32]
  /// Where each list's rows are.
  let bounds: [Range<Int>]
  /// Each list's population and the buyers in it.
  let populations: [[Int32]]
  let buyers: [[Int32]]
  /// How many different entities all populations hold.
  let entityCount: Int

  var count: Int { entities.count }

  init(_ lists: [OutcomeList]) {
    let greatest =
      lists.flatMap { [$0.population.last ?? -1, $0.entities.max() ?? -1] }.max() ?? -1
    var numbers = [Int32](repeating: -1, count: Int(greatest) + 1)
    for list in lists { for entity in list.population { numbers[Int(entity)] = 0 } }
    var next: Int32 = 0
    for entity in numbers.indices where numbers[entity] == 0 {
      numbers[entity] = next
      next += 1
    }
    entityCount = Int(next)
    func renumbered(_ entities: [Int32]) -> [Int32] {
      entities.map { entity in
        precondition(numbers[Int(entity)] >= 0, "an entity is not in the population")
        return numbers[Int(entity)]
      }
    }
    populations = lists.map { renumbered($0.population) }
    buyers = lists.map { renumbered($0.buyers) }
    entities = lists.flatMap { renumbered($0.entities) }
    scores = lists.flatMap(\.scores)
    labels = lists.flatMap { list in
      let buyers = Set(list.buyers)
      return list.entities.map { UInt8(buyers.contains($0) ? 1 : 0) }
    }
    list = lists.enumerated().flatMap { number, list in
      [Int32](repeating: Int32(number), count: list.entities.count)
    }
    let flags = lists.compactMap(\.selected)
    selected = flags.count == lists.count ? flags.flatMap(\.self) : nil
    let groupings = lists.map(\.groups.count).min() ?? 0
    groups = (0..<groupings).map { grouping in lists.flatMap { $0.groups[grouping] } }
    tenths = lists.flatMap(\.tenths)
    var start = 0
    bounds = lists.map { list in
      defer { start += list.entities.count }
      return start..<start + list.entities.count
    }
  }

  /// The positions of the rows of each level.
  func positions(byLevelOf levels: [Int32], count: Int) -> [[Int]] {
    var positions = [[Int]](repeating: [], count: count)
    for (position, level) in levels.enumerated() where level >= 0 {
      positions[Int(level)].append(position)
    }
    return positions
  }
}
