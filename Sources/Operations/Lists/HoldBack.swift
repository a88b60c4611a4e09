internal import Randomness
internal import Spec

/// The random draw of the accounts that a list leaves alone, so that the others can be compared with
/// them.
///
/// Whether an account is drawn depends only on the list's name and on the account's cluster, or its
/// key: not on its score, on other accounts, or on the day. So an account that is left alone stays so
/// from list to list, and a larger share only adds accounts.
///
/// ```swift
/// let draw = HoldBackDraw(list: "solidworks", share: 0.05)
/// draw.draws("C4711")  // true for 5 % of the keys
/// ```
package struct HoldBackDraw {
  private let seed: UInt64
  private let share: Double

  package init(list: String, share: Double) {
    seed = SplitMix64.mixed(SplitMix64.number(of: list))
    self.share = share
  }

  /// - Parameter unit: the text of a cluster, or the key of an entity that is a cluster of its own.
  package func draws(_ unit: String) -> Bool {
    let bits = SplitMix64.mixed(SplitMix64.number(of: unit) ^ seed) >> 11
    return Double(bits) * 0x1p-53 < share
  }
}

/// A row's part in the comparison of a hold-back. Rows beyond the list's limits have none.
///
/// The comparison is of `heldBack` with `compared`: the rows that would be selected without a
/// hold-back. Within these, the draw alone decides. A row that gets a place only because others are
/// held back is in neither arm, and for the same reason neither is a drawn row that would get such a
/// place.
public enum HoldBackMark: String, CaseIterable, Sendable {
  /// It would be selected, and is left alone.
  case heldBack = "held_back"
  /// It is selected, and would be without a hold-back.
  case compared
  /// It is selected in the place of a row that is held back.
  case replacement
  /// It would be a `replacement`, but was drawn, too, and is left alone.
  case reserve
}
