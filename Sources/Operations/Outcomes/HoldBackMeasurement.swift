public import Evaluation

/// What the work on lists caused, measured on the accounts that their hold-back left alone.
///
/// Each account counts once, with the first list on which it was within the limits, so that no
/// account-week counts twice and both arms start in the same state. If it first got there by a place
/// that a held-back row left free, it is in neither arm: a drawn account never gets such a place, so
/// the others would have been worked on earlier.
///
/// Pure: the same lists give bit-identical results.
public struct HoldBackMeasurement: Sendable {
  /// The days of a list.
  public struct Days: Sendable {
    /// The cutoff, in days since 1970-01-01.
    public let cutoff: Int
    /// The last day of the label window.
    public let windowEnd: Int

    public init(cutoff: Int, windowEnd: Int) {
      self.cutoff = cutoff
      self.windowEnd = windowEnd
    }
  }

  /// What it takes to see an effect of the work.
  public struct Need: Sendable, Equatable {
    /// By how much the work multiplies the wins, less 1.
    public let increase: Double
    /// The share that is held back.
    public let share: Double
    /// The number of accounts of both arms; nil if no number is enough.
    public let accounts: Int?
    /// The number of lists, from the first one with a hold-back; nil if it is unknown how many
    /// accounts the next list adds.
    public let lists: Int?
    /// The days from the first list to the end of the last one's label window; nil likewise.
    public let days: Int?
  }

  /// Both arms, and what the work caused.
  public let comparison: HoldBackComparison
  /// The accounts in neither arm, because they first got near the list by a free place.
  public let leftOut: Int
  /// Held-back accounts that another list selected before their label window ended.
  public let workedOn: Int
  /// The number of accounts that each list adds to the comparison.
  public let entered: [Int]
  /// The share that the spec holds back; nil if it no longer does.
  public let share: Double?
  /// The probability of arms of such sizes if that share was drawn; nil without it.
  public let drawProbability: Double?
  /// By increase, then by share; empty if an arm has no account.
  public let needs: [Need]

  /// The increases whose needs are given.
  public static let increases = [0.2, 0.5, 1]
  /// A larger share, for comparison.
  private static let largerShare = 0.2

  /// - Parameters:
  ///   - lists: with their marks, oldest first.
  ///   - days: of each list.
  ///   - clusters: the cluster of each account, by number; nil if every account is its own.
  ///   - share: that of the spec.
  /// - Returns: nil if no list has marks.
  public init?(
    _ lists: [OutcomeList], days: [Days], clusters: [Int32]? = nil, share: Double?,
    level: Double = 0.95
  ) {
    precondition(lists.count == days.count, "a list has no days")
    guard lists.contains(where: { $0.marks?.contains { $0 != nil } ?? false }) else { return nil }
    var rows = FirstRows()
    for (list, days) in zip(lists, days) { rows.add(list, days) }
    let comparison = HoldBackComparison(
      scores: rows.scores, wins: rows.wins, isHeldBack: rows.isHeldBack,
      clusters: clusters.map { clusters in rows.entities.map { clusters[Int($0)] } }
        ?? rows.entities, level: level)
    self.comparison = comparison
    (leftOut, workedOn, entered) = (rows.leftOut, rows.workedOn.count, rows.entered)
    self.share = share
    drawProbability = share.map { comparison.drawProbability(share: $0) }
    let accounts = comparison.selected.accounts + comparison.heldBack.accounts
    guard let effect = comparison.byAccount?.designEffect else {
      needs = []
      return
    }
    let own = share ?? Double(comparison.heldBack.accounts) / Double(accounts)
    let rate = (comparison.selected.expected + comparison.heldBack.expected) / Double(accounts)
    let pace = Pace(entered: rows.entered, days: days)
    needs = Self.increases.flatMap { increase in
      (own < Self.largerShare ? [own, Self.largerShare] : [own]).map { share in
        let accounts = HoldBackPower(rate: rate, share: share, designEffect: max(1, effect))
          .accounts(increase: increase, level: level)
        let lists = accounts.flatMap(pace.lists)
        return Need(
          increase: increase, share: share, accounts: accounts, lists: lists,
          days: lists.flatMap(pace.days))
      }
    }
  }

  /// Whether the arms are not those that the draw makes, except once in a thousand times, or were not
  /// left as drawn.
  public var isDoubtful: Bool { workedOn > 0 || drawProbability.map { $0 < 0.001 } ?? false }
}

/// The rows with which accounts first got within a list's limits.
private struct FirstRows {
  private(set) var entities: [Int32] = []
  private(set) var scores: [Double] = []
  private(set) var wins: [UInt8] = []
  private(set) var isHeldBack: [Bool] = []
  private(set) var leftOut = 0
  private(set) var entered: [Int] = []
  private(set) var workedOn: Set<Int32> = []
  private var known: Set<Int32> = []
  /// The day on which the window of each held-back account ends.
  private var windows: [Int32: Int] = [:]

  mutating func add(_ list: OutcomeList, _ days: HoldBackMeasurement.Days) {
    let buyers = Set(list.buyers)
    let before = entities.count
    for (row, entity) in list.entities.enumerated() {
      if list.selected?[row] == true, let end = windows[entity], days.cutoff <= end {
        workedOn.insert(entity)
      }
      guard let mark = list.marks?[row], known.insert(entity).inserted else { continue }
      guard mark == .heldBack || mark == .compared else {
        leftOut += 1
        continue
      }
      entities.append(entity)
      scores.append(list.scores[row])
      wins.append(buyers.contains(entity) ? 1 : 0)
      isHeldBack.append(mark == .heldBack)
      if mark == .heldBack { windows[entity] = days.windowEnd }
    }
    entered.append(entities.count - before)
  }
}

/// How fast lists add accounts to the comparison.
private struct Pace {
  private let entered: [Int]
  /// The mean number of accounts that a list after the first one adds.
  private let later: Double
  /// The mean days between lists.
  private let step: Double
  /// The days of a label window.
  private let window: Int

  /// Lists before the first one with a hold-back do not count.
  init(entered: [Int], days: [HoldBackMeasurement.Days]) {
    let start = entered.firstIndex { $0 > 0 } ?? 0
    self.entered = Array(entered[start...])
    let own = days[start...]
    let steps = max(own.count - 1, 0)
    later = steps > 0 ? Double(self.entered.dropFirst().reduce(0, +)) / Double(steps) : 0
    let span = (own.last?.cutoff ?? 0) - (own.first?.cutoff ?? 0)
    step = steps > 0 ? Double(span) / Double(steps) : 0
    window = own.last.map { $0.windowEnd - $0.cutoff } ?? 0
  }

  /// The number of lists that bring so many accounts; nil if that is unknown, or never happens.
  func lists(_ accounts: Int) -> Int? {
    var total = 0
    for (number, own) in entered.enumerated() {
      total += own
      if total >= accounts { return number + 1 }
    }
    guard later > 0 else { return nil }
    let more = (Double(accounts - total) / later).rounded(.up)
    return more < 1e6 ? entered.count + Int(more) : nil
  }

  func days(_ lists: Int) -> Int? {
    guard lists == 1 || step > 0 else { return nil }
    return Int((Double(lists - 1) * step).rounded()) + window
  }
}
