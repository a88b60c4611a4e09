internal import Diagnostics
internal import OrderedCollections
internal import Spec

/// How many rows of a group are taken.
struct GroupLimit {
  /// The group's own number of rows.
  let own: Int?
  /// The group's share of the whole list.
  let share: Int?

  /// - Parameter name: the group's; nil where the capacity has no groups.
  init(_ capacity: CapacitySpec, name: String?) {
    own = name.flatMap { capacity.groups[$0]?.value } ?? capacity.rows?.value
    if name != nil, let share = capacity.maximumShare?.value, let total = capacity.total?.value {
      self.share = Self.places(ofShare: share, total: total)
    } else {
      share = nil
    }
  }

  /// The smaller one.
  var smallest: Int? { [own, share].compactMap(\.self).min() }

  /// The whole places within a share of a list: at least 1 of a share above 0, as a group that can
  /// never have a place is left out by name (`groups: {NAME: 0}`), not by rounding.
  ///
  /// 0.29 x 100 is 28.999999999999996 in binary, and 29 is meant. The share is within half a unit of
  /// the last place of what was written, and their product is rounded once more: together less than
  /// two units. A product that close to a whole number is that number, as no one writes shares with
  /// 15 digits.
  static func places(ofShare share: Double, total: Int) -> Int {
    guard share > 0, total > 0 else { return 0 }
    let product = share * Double(total)
    let nearest = product.rounded()
    let isWhole = abs(product - nearest) <= 2 * product.ulp
    return max(1, Int(isWhole ? nearest : product.rounded(.down)))
  }
}
