import Diagnostics
import YAML

/// One path of a sweep and the values that are tried there.
struct SweepAxis {
  let path: Located<String>
  /// The values as listed; nil for a range.
  let list: [Node]?
  /// The numbers to draw from; nil for a list.
  let range: SweepRange?

  /// The axis of an entry whose form has been checked.
  init?(_ entry: Mapping.Entry) {
    path = entry.key
    list = entry.value.sequence
    range = SweepRange(StandardFiller.filled(entry.value, as: .map(.range)))
    if list == nil, range == nil { return nil }
  }

  /// The path's parts; each stands where the whole path is written.
  var parts: [Located<String>] {
    path.value.split(separator: ".").map { Located(String($0), at: path.span) }
  }

  /// What is wrong with the values.
  func problems(isRandom: Bool) -> [Finding] {
    guard let range else { return [] }
    var problems: [Finding] = []
    if !isRandom { problems.append(.rangeInGrid(path)) }
    if range.low.value >= range.high.value { problems.append(.emptyRange(range.low, range.high)) }
    if range.isLogarithmic, range.low.value <= 0 { problems.append(.logOfNothing(range.low)) }
    return problems
  }

  /// What is wrong with a path, followed through the language.
  static func problem(_ path: Located<String>) -> Finding? {
    let parts = path.value.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= Override.maximumParts else {
      return .unknownSweepPath(path, path.value.shortened, among: [])
    }
    var kind = ValueKind.map(.experiment)
    for part in parts {
      switch kind.descended {
      case .map(let name):
        let definition = SpecLanguage.definition(name)
        let isOwn = name == .experiment
        guard let key = definition.key(String(part)),
          !(isOwn && ["sweep", "extends", "name", "version"].contains(key.name))
        else {
          if isOwn, definition.key(String(part)) != nil {
            return .notSwept(path, String(part))
          }
          let names = definition.keys.map(\.name) + (isOwn ? ["random", "seed", "halving"] : [])
          return .unknownSweepPath(path, String(part), among: names)
        }
        kind = key.kind
      case .names(let value, _), .list(let value, _), .entry(let value): kind = value
      default: return .unknownSweepPath(path, String(part), among: [])
      }
    }
    return nil
  }
}

extension ValueKind {
  /// The alternative that has something below it.
  fileprivate var descended: ValueKind {
    guard case .either(let kinds) = self else { return self }
    return kinds.first { $0.shape != .scalar } ?? self
  }
}
