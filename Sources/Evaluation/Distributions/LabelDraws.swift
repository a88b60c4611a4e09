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
  private let marksPerRow: Int
  /// The end of the rows of each entity that has positive scores, by falling bound.
  private var ends: [Int32] = []
  /// The scores of these rows, descending within an entity.
  private var scores: [Double] = []
  /// The marks of these rows, row by row.
  private var marks: [Int32] = []
  private var groups: [Group] = []

  /// Entities whose highest scores are at most `bound`, and above half of it.
  private struct Group: Sendable {
    let bound: Double
    /// The end of the group's entities.
    var end: Int
    /// 1 / log(1 - bound).
    let step: Double
  }

  /// Prepares draws for rows with a score, an entity, and marks.
  /// - Parameter marks: the indices of the counts that each row adds to, row by row, as many for
  ///   each row.
  init(scores: [Double], entities: [Int32], marks: [Int32], seed: UInt64) {
    precondition(scores.count == entities.count, "one entity is needed per score")
    marksPerRow = scores.isEmpty ? 0 : marks.count / scores.count
    precondition(marks.count == marksPerRow * scores.count, "rows differ in their marks")
    self.seed = seed
    let (numbers, count) = numberedEntities(entities)
    var ends = [Int](repeating: 0, count: count + 1)
    for entity in numbers { ends[Int(entity) + 1] += 1 }
    for entity in 0..<count { ends[entity + 1] += ends[entity] }
    // The rows by entity. When they are in place, the end of an entity is that of its own rows.
    var rows = [Int32](repeating: 0, count: scores.count)
    for (row, entity) in numbers.enumerated() {
      rows[ends[Int(entity)]] = Int32(row)
      ends[Int(entity)] += 1
    }
    // Below the last bound, no more than one in a billion draws reaches an entity.
    let last = 30
    var members = [[Range<Int>]](repeating: [], count: last + 1)
    var start = 0
    for end in ends.prefix(count) {
      // An insertion sort, because an entity has a few rows.
      for index in start..<end {
        var position = index
        while position > start, scores[Int(rows[position])] > scores[Int(rows[position - 1])] {
          rows.swapAt(position, position - 1)
          position -= 1
        }
      }
      let highest = scores[Int(rows[start])]
      if highest > 0 { members[min(Int(-log2(highest)), last)].append(start..<end) }
      start = end
    }
    for (group, entities) in members.enumerated() where !entities.isEmpty {
      for row in entities.joined().lazy.map({ Int(rows[$0]) }) {
        self.scores.append(scores[row])
        self.marks += marks[row * marksPerRow..<(row + 1) * marksPerRow]
      }
      for entity in entities { self.ends.append((self.ends.last ?? 0) + Int32(entity.count)) }
      let bound = scalbn(1.0, -group)
      groups.append(Group(bound: bound, end: self.ends.count, step: 1 / log1p(-bound)))
    }
  }

  /// Adds to `counts`, for each mark, the number of its rows that are positive in one draw.
  func add(_ index: Int, to counts: inout [Int32]) {
    for (entity, number) in numbers(ofDraw: index) {
      var row = entity == 0 ? 0 : Int(ends[entity - 1])
      while row < ends[entity], number < scores[row] {
        for mark in row * marksPerRow..<(row + 1) * marksPerRow { counts[Int(marks[mark])] += 1 }
        row += 1
      }
    }
  }

  /// Returns the entities that may be positive in one draw, and their numbers. They are drawn before
  /// any score is read, so that no draw waits for a score to come from memory.
  private func numbers(ofDraw index: Int) -> [(entity: Int, number: Double)] {
    var generator = Xoshiro256StarStar(
      seed: SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(index)))
    var numbers: [(entity: Int, number: Double)] = []
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
        numbers.append((position, Double(generator.next() >> 11) * 0x1p-53 * group.bound))
        position += 1
      }
      position = group.end
    }
    return numbers
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
