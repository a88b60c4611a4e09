/// One published list whose label window is over: its rows with what became of them, and the accounts
/// that they were chosen from.
public struct OutcomeList: Sendable {
  /// The numbers of everybody who could have been listed, ascending: the cohort, and those on the list.
  public let population: [Int32]
  /// Those of the population who bought in the label window, ascending.
  public let buyers: [Int32]
  /// Each row's entity, in the order of the list; each is in the population, and stands here once.
  public let entities: [Int32]
  /// Each row's score as it was published.
  public let scores: [Double]
  /// Whether each row was within capacity; nil where the list does not say.
  public let selected: [Bool]?
  /// Each row's level in each grouping, as a number from 0 on; below 0 for none.
  public let groups: [[Int32]]

  /// Takes the columns as they are.
  /// - Precondition: columns of rows have one value per row.
  public init(
    population: [Int32], buyers: [Int32], entities: [Int32], scores: [Double],
    selected: [Bool]? = nil, groups: [[Int32]] = []
  ) {
    precondition(scores.count == entities.count, "one score is needed per row")
    precondition(selected.map { $0.count == entities.count } ?? true, "a row's flag is missing")
    precondition(groups.allSatisfy { $0.count == entities.count }, "a row's group is missing")
    self.population = population
    self.buyers = buyers
    self.entities = entities
    self.scores = scores
    self.selected = selected
    self.groups = groups
  }

  /// Each row's tenth of the list, from 0 on; tenths differ by one row at most.
  var tenths: [Int32] {
    entities.indices.map { Int32($0 * 10 / max(entities.count, 1)) }
  }
}
