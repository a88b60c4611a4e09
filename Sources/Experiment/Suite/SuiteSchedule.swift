/// Which fit is next: side by side, with one thread each where there are as many as threads, as two fits
/// on one thread each take less time than one after the other on two. Fits so big that the memory holds
/// one of them have the machine for themselves.
///
/// LightGBM's thread count is one variable of the process, so lanes overlap only while all of them have
/// the same number of threads: where one fit grows its trees on one thread, each lane has one.
struct SuiteSchedule {
  /// How many fits run side by side.
  let lanes: Int
  /// How many threads each of them has.
  let threads: Int
  /// By what they learn from, the largest first.
  private var groups: [[SuiteFit]]

  init(_ fits: [SuiteFit], machine: SuiteMachine) {
    let largest = max(fits.map(\.bytes).max() ?? 0, 1)
    lanes = max(
      1, min(machine.jobs ?? machine.threads, fits.count, machine.memory / largest))
    let isSerial = lanes > 1 && fits.contains(where: \.growsOnOneThread)
    threads = isSerial ? 1 : max(1, machine.threads / lanes)
    groups = Dictionary(grouping: fits, by: \.group).values.sorted { left, right in
      let (own, other) = (Self.bytes(left), Self.bytes(right))
      return own == other ? left[0].place < right[0].place : own > other
    }
  }

  private static func bytes(_ fits: [SuiteFit]) -> Int { fits.reduce(0) { $0 + $1.bytes } }

  /// Takes the next fit: of the group that a lane has at hand, else of one that no lane has begun, else
  /// of the one with the most left.
  mutating func next(after group: String?) -> SuiteFit? {
    let waiting = groups.indices.filter { !groups[$0].isEmpty }
    let place =
      waiting.first { groups[$0][0].group == group }
      ?? waiting.first { !begun.contains(groups[$0][0].group) }
      ?? waiting.max { groups[$0].count < groups[$1].count }
    guard let place else { return nil }
    begun.insert(groups[place][0].group)
    return groups[place].removeFirst()
  }

  /// Whether there are more fits of a group.
  func isAwaited(_ group: String) -> Bool {
    groups.contains { $0.first?.group == group }
  }

  private var begun: Set<String> = []
}
