import HoldoutTestSupport
import Randomness

/// Makes one thing of an input very many or very large: what costs more than its size shows then.
enum FuzzAmplifier {
  /// The most bytes that an input grows to.
  private static let maximumBytes = 200_000

  /// Repeats one thing from twice to some ten thousand times.
  static func amplify(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
    let file = random.below(input.files.count)
    var lines = input.files[file].lines
    let place = random.below(lines.count)
    let line = lines[place]
    let count = min(random.size(upTo: 50_000), maximumBytes / max(8, line.utf8.count))
    let indentation = String(line.prefix { $0 == " " || $0 == "-" })
    let (key, value) = parts(of: line)
    switch random.below(11) {
    case 0: lines[place] = Array(repeating: line, count: count).joined(separator: "\n")
    case 1: lines[place] = (0..<count).map { numbered(line, $0) }.joined(separator: "\n")
    case 2:
      let items = (0..<count).map { numbered(value, $0) }
      lines[place] = "\(key): [\(items.joined(separator: ", "))]"
    case 3:
      let entries = (0..<count).map { "k\($0): \(value)" }
      lines[place] = "\(key): {\(entries.joined(separator: ", "))}"
    case 4: lines[place] = "\(key): \(Array(repeating: value, count: count).joined(separator: " "))"
    case 5:
      let alias = Array(repeating: "*z", count: count).joined(separator: ", ")
      lines[place] = "\(key): [&z \(value), \(alias)]"
    case 6:
      let depth = min(count, 20_000)
      lines[place] =
        "\(key): " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    case 7:
      let piece = random.element(of: ["{not: ", "{a: ", "- ", "? ", "&a ", "!!str "]) ?? ""
      lines[place] = indentation + String(repeating: piece, count: count)
    case 8:
      let names = Array(repeating: random.element(of: FuzzComposition.names) ?? "", count: count)
      lines.insert("extends: [\(names.joined(separator: ", "))]", at: 0)
    case 9:
      let path = "cohort.where.0" + String(repeating: ".not", count: random.size(upTo: 65_000))
      lines += ["sweep:", "  ? \(path)", "  : [1]"]
    default:
      amplifyOverrides(&input, count: random.size(upTo: 65_000), &random)
      return
    }
    input.files[file].lines = lines
  }

  /// A long path, many parts deep, or the same argument many times.
  private static func amplifyOverrides(
    _ input: inout FuzzInput, count: Int, _ random: inout FuzzRandom
  ) {
    let word = random.element(of: ["a", "not", "0", "model.params"]) ?? ""
    switch random.below(3) {
    case 0:
      input.overrides.append(Array(repeating: word, count: count).joined(separator: ".") + "=1")
    case 1: input.overrides += (0..<min(count, 2_000)).map { "model.params.p\($0)=\($0)" }
    default:
      let nested = String(repeating: "[", count: count) + String(repeating: "]", count: count)
      input.overrides.append("features=" + nested)
    }
  }

  /// What stands before and behind the first colon of a line; a value there is made up.
  private static func parts(of line: String) -> (key: String, value: String) {
    guard let colon = line.firstIndex(of: ":") else { return (line, "x") }
    let value = line[line.index(after: colon)...].drop { $0 == " " }
    return (String(line[..<colon]), value.isEmpty ? "x" : String(value))
  }

  /// The text with a number behind its first word.
  private static func numbered(_ text: String, _ number: Int) -> String {
    guard let start = text.firstIndex(where: { $0.isLetter }) else { return text + String(number) }
    let word = text[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return text[..<start] + word + String(number) + text[word.endIndex...]
  }
}
