import HoldoutTestSupport
import Randomness
import Spec
import YAML

/// Changes what a text says, as a tree: the result is YAML again, and often a spec.
struct TreeMutation {
  let seeds: FuzzSeeds

  /// One change at a random place.
  func mutate(_ tree: YAMLValue, _ random: inout FuzzRandom) -> YAMLValue {
    let index = random.below(tree.nodeCount)
    let kind = random.below(12)
    return tree.changing(index) { key, value in
      switch kind {
      case 0, 1, 2: sibling(of: value, under: key, &random)
      case 3: fitting(key, &random) ?? value
      case 4: graft(from: tree, &random)
      case 5, 6, 7: reshaped(value, &random)
      case 8: scalar(&random)
      case 9: random.chance(50) ? .sequence([value]) : .mapping([.init("append", value)])
      default: changedText(value, &random)
      }
    }
  }

  /// What stands under the same key elsewhere.
  private func sibling(
    of value: YAMLValue, under key: String?, _ random: inout FuzzRandom
  ) -> YAMLValue {
    guard let key, let values = seeds.values[key] else { return reshaped(value, &random) }
    return random.element(of: values) ?? value
  }

  /// A subtree of another place: of this text, or of any seed.
  private func graft(from tree: YAMLValue, _ random: inout FuzzRandom) -> YAMLValue {
    var source = tree
    if random.chance(50) {
      let key = random.element(of: seeds.keys) ?? ""
      source = random.element(of: seeds.values[key] ?? []) ?? tree
    }
    return source.node(random.below(source.nodeCount))
  }

  /// A list or map with an entry left out, doubled, moved, renamed or added; scalars are replaced.
  private func reshaped(_ value: YAMLValue, _ random: inout FuzzRandom) -> YAMLValue {
    switch value {
    case .scalar: return scalar(&random)
    case .sequence(var items):
      let place = random.below(items.count)
      switch random.below(5) {
      case 0 where !items.isEmpty: items.remove(at: place)
      case 1 where !items.isEmpty: items.insert(items[place], at: random.below(items.count))
      case 2: items.shuffle(using: &random)
      case 3: items.append(scalar(&random))
      default: items = []
      }
      return .sequence(items)
    case .mapping(var entries):
      let place = random.below(entries.count)
      guard !entries.isEmpty else { return .mapping([.init(key(&random), scalar(&random))]) }
      switch random.below(6) {
      case 0: entries.remove(at: place)
      case 1: entries[place].key = key(&random)
      case 2:
        let name = random.chance(50) ? entries[place].key + "_2" : key(&random)
        entries.append(.init(name, entries[place].value))
      case 3: entries.shuffle(using: &random)
      case 4:
        let name = key(&random)
        entries.append(.init(name, fitting(name, &random) ?? scalar(&random)))
      default: entries[place].value = .null
      }
      return .mapping(entries)
    }
  }

  private func key(_ random: inout FuzzRandom) -> String {
    random.chance(70) ? random.element(of: FuzzWords.keys) ?? "" : FuzzWords.any(&random)
  }

  /// A scalar of any kind.
  private func scalar(_ random: inout FuzzRandom) -> YAMLValue {
    switch random.below(6) {
    case 0: .integer(random.chance(50) ? random.below(100) : Int(truncatingIfNeeded: random.next()))
    case 1: .float(Double(bitPattern: random.next()))
    case 2: random.chance(50) ? .bool(random.chance(50)) : .null
    default: .string(FuzzWords.any(&random))
    }
  }

  private func changedText(_ value: YAMLValue, _ random: inout FuzzRandom) -> YAMLValue {
    guard case .scalar(.string(let text)) = value else { return scalar(&random) }
    return .string(random.chance(50) ? text + FuzzWords.any(&random) : String(text.dropLast()))
  }

  /// A value of the kind that the language wants under a key.
  private func fitting(_ key: String?, _ random: inout FuzzRandom) -> YAMLValue? {
    key.flatMap { FuzzWords.kinds[$0] }.map { fitting($0, depth: 4, &random) }
  }

  private func fitting(
    _ kind: ValueKind, depth: Int, _ random: inout FuzzRandom
  ) -> YAMLValue {
    func list(_ count: Int, _ kind: ValueKind) -> YAMLValue {
      .sequence((0..<count).map { _ in fitting(kind, depth: depth - 1, &random) })
    }
    guard depth > 0 else { return .null }
    switch kind {
    case .text, .scalar, .verbatim: return .string(FuzzWords.any(&random))
    case .identifier, .column: return .string(random.element(of: FuzzWords.names) ?? "")
    case .integer(let range): return .integer(Int.random(in: range, using: &random))
    case .number: return .float(Double.random(in: 0...1, using: &random))
    case .share: return .string("\(random.below(120)) %")
    case .boolean: return .bool(random.chance(50))
    case .words(let words): return .string(random.element(of: words)?.name ?? "")
    case .date, .period: return .string(random.element(of: FuzzWords.times) ?? "")
    case .perPositive: return .string("\(random.below(50)) per positive")
    case .sql: return .string(random.element(of: FuzzWords.sql) ?? "")
    case .list(let item, let minimum): return list(minimum + random.below(3), item)
    case .names(let item, _), .entry(let item):
      return .mapping([.init(FuzzWords.any(&random), fitting(item, depth: depth - 1, &random))])
    case .either(let kinds):
      return random.element(of: kinds).map { fitting($0, depth: depth, &random) } ?? .null
    case .map(let name):
      let keys = SpecLanguage.definition(name).keys.filter { key in
        if case .required = key.presence { true } else { random.chance(25) }
      }
      return .mapping(keys.map { .init($0.name, fitting($0.kind, depth: depth - 1, &random)) })
    }
  }
}
