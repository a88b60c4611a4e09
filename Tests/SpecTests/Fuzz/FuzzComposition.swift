import HoldoutTestSupport
import Randomness
import YAML

/// Spreads a spec over several files and arguments, soundly or not.
enum FuzzComposition {
  /// Files that an input may have, the loaded one first.
  static let names = ["spec.yaml", "base.yaml", "bases/more.yaml", "bases/other.yaml"]

  /// Moves some keys of a spec into a file that it extends; what comes out is the same spec.
  static func split(
    _ tree: YAMLValue, _ random: inout FuzzRandom
  ) -> (spec: YAMLValue, base: YAMLValue) {
    guard case .mapping(let entries) = tree else { return (tree, tree) }
    var upper: [YAMLValue.Entry] = []
    var lower: [YAMLValue.Entry] = []
    for entry in entries {
      switch random.below(5) {
      case 0: upper.append(entry)
      case 1, 2: lower.append(entry)
      case 3:
        // What the upper file says wins, whatever scalar the lower file has there.
        upper.append(entry)
        if case .scalar = entry.value { lower.append(.init(entry.key, .string("other"))) }
      default:
        let parts = split(entry.value, &random)
        if case .sequence(let items) = entry.value {
          let cut = random.below(items.count + 1)
          upper.append(
            .init(entry.key, .mapping([.init("append", .sequence(Array(items[cut...])))])))
          lower.append(.init(entry.key, .sequence(Array(items[..<cut]))))
        } else {
          upper.append(.init(entry.key, parts.spec))
          lower.append(.init(entry.key, parts.base))
        }
      }
    }
    return (.mapping(upper), .mapping(lower))
  }

  /// Makes every file extend others at random: circles, missing files, lists, doubles.
  static func tangle(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
    while input.files.count < 2 + random.below(3) {
      let text = random.element(of: FuzzTexts.layers) ?? ""
      input.files.append(FuzzFile(names[input.files.count], text))
    }
    for index in input.files.indices where random.chance(60) {
      var targets = (0...random.below(3)).map { _ in
        random.element(of: input.files.map(\.name)) ?? ""
      }
      // Files that only extend those behind them make no circle.
      if random.chance(60) { targets = input.files[(index + 1)...].map(\.name) }
      if random.chance(15) { targets.append(random.element(of: FuzzWords.names) ?? "") }
      let folder = input.files[index].name.hasPrefix("bases/") && random.chance(80) ? "../" : ""
      let list = targets.map { folder + $0 }.joined(separator: ", ")
      let line = targets.count == 1 && random.chance(50) ? list : "[\(list)]"
      let rest = input.files[index].lines.filter { !$0.hasPrefix("extends:") }
      input.files[index].text = "extends: \(line)\n" + rest.joined(separator: "\n")
    }
  }

  /// An argument: a path of the tree or of words, and a value of the tree or of words.
  static func override(of tree: YAMLValue?, _ random: inout FuzzRandom) -> String {
    var path: [String] = []
    var value = tree ?? .null
    for _ in 0..<6 {
      if case .mapping(let entries) = value, let entry = random.element(of: entries) {
        // The path of a sweep stands for itself: an argument there ends the sweep.
        path = entry.key.contains(".") && random.chance(70) ? [entry.key] : path + [entry.key]
        value = entry.value
      } else if case .sequence(let items) = value, !items.isEmpty {
        let index = random.below(items.count)
        path.append(String(index))
        value = items[index]
      }
      if random.chance(25) { break }
    }
    if random.chance(20) { path.append(FuzzWords.any(&random)) }
    if random.chance(10) { path = [FuzzWords.any(&random)] }
    let text: String =
      switch random.below(6) {
      case 0: value.flowText
      case 1: FuzzWords.any(&random)
      case 2: "{append: \(value.flowText)}"
      case 3: "[\(value.flowText), \(FuzzWords.any(&random))]"
      case 4: random.element(of: FuzzWords.numbers) ?? ""
      default: random.element(of: FuzzWords.names) ?? ""
      }
    return path.joined(separator: ".") + (random.chance(97) ? "=" : "") + text
  }
}
