/// Finds the word that was probably meant, for "did you mean".
public enum Suggestion {
  /// The candidate nearest to a word; nil when none is near enough to suggest.
  ///
  /// Case and the separators `_`, `-` and space are ignored. A candidate is near if it has at most
  /// one typo per three letters, or if one word continues the other by complete parts or from at
  /// least three letters on. A typo is a letter added, omitted or changed, or two neighbors
  /// swapped. Ties go to the nearer spelling, then to the earlier candidate, so the answer depends
  /// on nothing else.
  public static func closest(to word: String, among candidates: [String]) -> String? {
    guard candidates.count <= mostCandidates, word.utf8.count <= longest,
      case let target = folded(word), !target.isEmpty
    else { return nil }
    var best: (rank: (Int, Int, Int), candidate: String)?
    for (index, candidate) in candidates.enumerated() where candidate != word {
      guard candidate.utf8.count <= longest, case let other = folded(candidate), !other.isEmpty,
        let score = score(target, other)
      else { continue }
      let rank = (score, abs(other.count - target.count), index)
      if let current = best, current.rank <= rank { continue }
      best = (rank, candidate)
    }
    return best?.candidate
  }

  /// Longer words, in bytes, are not compared, because the cost grows with the product of the
  /// lengths.
  private static let longest = 100
  /// With more candidates than this there is no search: nobody wrote so many by hand.
  private static let mostCandidates = 2_000

  /// The distance of two folded words; nil when they are too far apart. Lower is nearer.
  private static func score(_ word: [Character], _ other: [Character]) -> Int? {
    let longer = max(word.count, other.count)
    let slips = distance(word, other)
    if slips == 0 || (longer >= 3 && slips <= max(1, longer / 3)) { return slips }
    // A prefix, as in `cal` for `calibration`, is weaker evidence than any allowed typo.
    let shorter = min(word.count, other.count)
    guard shorter >= 3, word.prefix(shorter).elementsEqual(other.prefix(shorter)) else {
      return nil
    }
    return 1_000
  }

  private static func folded(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }.map { $0 }
  }

  /// The optimal string alignment distance: a swapped pair is not changed again.
  private static func distance(_ word: [Character], _ other: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...other.count)
    for (row, letter) in word.enumerated() {
      var current = [row + 1]
      for (column, otherLetter) in other.enumerated() {
        var cost = min(
          previous[column] + (letter == otherLetter ? 0 : 1),
          previous[column + 1] + 1,
          current[column] + 1)
        if row > 0, column > 0, letter == other[column - 1], word[row - 1] == otherLetter {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[other.count]
  }
}
