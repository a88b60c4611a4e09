internal import Foundation
internal import Randomness

/// Labels drawn from the scores: what the labels could have been if the scores are right.
///
/// An entity draws one uniform number, and each of its rows is positive if its score is above that
/// number. Rows of one entity are thus as dependent as their scores allow, as in `CountForecast`.
/// Rows drawn one by one would vary far less than rows that share a purchase, and every test based
/// on them would reject models that are right.
///
/// Draw `index` has its own generator, derived only from the seed and the index. Only counts of
/// positive rows come out, so the order of the rows cannot matter.
///
/// Most scores of rare events are low, so most entities draw a number above all of their scores. A
/// draw therefore jumps from one entity that may be positive to the next: entities whose highest
/// scores lie within a factor of two have a common bound, the number of those passed over before
/// one draws below the bound is geometric, and its number is uniform below the bound. A draw costs
/// two random numbers per expected positive entity, or a little more.
struct LabelDraws: Sendable {
  private let seed: UInt64
  /// The end of each entity's rows.
  private var ends: [Int32] = []
  /// The highest score of each entity.
  private var highest: [Double] = []
  /// The scores by entity, descending within an entity, and the mark of each of these rows.
  private var scores: [Double] = []
  private var marks: [Int32] = []
  /// The entities with positive scores, by falling bound.
  private var order: [Int32] = []
  private var groups: [Group] = []

  /// Entities whose highest scores are at most `bound`, and above half of it.
  private struct Group: Sendable {
    let bound: Double
    /// The end of the group's entities in `order`.
    var end: Int
    /// 1 / log(1 - bound).
    let step: Double
  }

  /// Prepares draws for rows with a score, an entity, and a mark: the index of the count that the
  /// row adds to.
  init(scores: [Double], entities: [Int32], marks: [Int32], seed: UInt64) {
    precondition(scores.count == entities.count && scores.count == marks.count)
    self.seed = seed
    let (numbers, count) = numberedEntities(entities)
    var next = [Int](repeating: 0, count: count + 1)
    for entity in numbers { next[Int(entity) + 1] += 1 }
    for entity in 0..<count { next[entity + 1] += next[entity] }
    self.scores = scores
    self.marks = marks
    for (row, entity) in numbers.enumerated() {
      self.scores[next[Int(entity)]] = scores[row]
      self.marks[next[Int(entity)]] = marks[row]
      next[Int(entity)] += 1
    }
    ends.reserveCapacity(count)
    highest.reserveCapacity(count)
    var start = 0
    for entity in 0..<count {
      // An insertion sort, because an entity has a few rows.
      for row in start..<next[entity] {
        var position = row
        while position > start, self.scores[position] > self.scores[position - 1] {
          self.scores.swapAt(position, position - 1)
          self.marks.swapAt(position, position - 1)
          position -= 1
        }
      }
      ends.append(Int32(next[entity]))
      highest.append(self.scores[start])
      start = next[entity]
    }
    arrange()
  }

  /// Sorts the entities into groups.
  private mutating func arrange() {
    // Below the last bound, no more than one in a billion draws reaches an entity.
    let last = 30
    var members = [[Int32]](repeating: [], count: last + 1)
    for (entity, score) in highest.enumerated() where score > 0 {
      members[min(Int(-log2(score)), last)].append(Int32(entity))
    }
    for (group, entities) in members.enumerated() where !entities.isEmpty {
      order += entities
      let bound = scalbn(1.0, -group)
      groups.append(Group(bound: bound, end: order.count, step: 1 / log1p(-bound)))
    }
  }

  /// Adds to `counts`, for each mark, the number of its rows that are positive in one draw.
  func add(_ index: Int, to counts: inout [Int32]) {
    var generator = Xoshiro256StarStar(
      seed: SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(index)))
    var position = 0
    for group in groups {
      while true {
        if group.bound < 1 {
          // Above 0, and at most 1.
          let uniform = Double((generator.next() >> 11) + 1) * 0x1p-53
          let passed = (log(uniform) * group.step).rounded(.down)
          guard passed < Double(group.end - position) else { break }
          position += Int(passed)
        }
        guard position < group.end else { break }
        let uniform = Double(generator.next() >> 11) * 0x1p-53 * group.bound
        let entity = Int(order[position])
        position += 1
        guard uniform < highest[entity] else { continue }
        var row = entity == 0 ? 0 : Int(ends[entity - 1])
        while row < ends[entity], uniform < scores[row] {
          counts[Int(marks[row])] += 1
          row += 1
        }
      }
      position = group.end
    }
  }

  /// Returns the share of draws whose statistic is at least the observed one; the observed labels
  /// count as one more draw (Davison and Hinkley, 1997, section 4.2), so it is never 0.
  ///
  /// - Parameter tolerance: the rounding error of the statistic. Statistics closer than that are
  ///   equal, and count.
  static func pValue(of observed: Double, among draws: [Double], tolerance: Double) -> Double {
    let extreme = draws.count { $0 >= observed - tolerance }
    return Double(extreme + 1) / Double(draws.count + 1)
  }
}
