import HoldoutTestSupport
import Randomness

/// Changes lines and words of a text.
enum TextMutation {
  /// One change at a random place.
  static func mutate(_ file: inout FuzzFile, _ random: inout FuzzRandom) {
    if random.chance(45) { mutateLines(&file.lines, &random) } else { mutateWords(&file, &random) }
  }

  private static func mutateLines(_ lines: inout [String], _ random: inout FuzzRandom) {
    let first = random.below(lines.count)
    let second = random.below(lines.count)
    let last = min(lines.count, first + random.size(upTo: 8))
    switch random.below(10) {
    case 0: lines.remove(at: first)
    case 1: lines.removeSubrange(first..<last)
    case 2: lines.insert(lines[second], at: first)
    case 3: lines.swapAt(first, second)
    case 4: lines.insert(contentsOf: lines[first..<last].map { $0 }, at: second)
    case 5: lines[first] = String(repeating: " ", count: random.size(upTo: 12)) + lines[first]
    case 6: lines[first] = String(lines[first].dropFirst(random.below(5)))
    case 7: for index in first..<last { lines[index] = "  " + lines[index] }
    case 8: lines.insert(newLine(indentedAs: lines[first], &random), at: first)
    default: lines[first] = indentation(of: lines[first]) + FuzzWords.any(&random)
    }
  }

  /// `key: value` of words, at the indentation of another line.
  private static func newLine(indentedAs line: String, _ random: inout FuzzRandom) -> String {
    let dash = random.chance(20) ? "- " : ""
    return indentation(of: line) + dash + FuzzWords.any(&random) + ": " + FuzzWords.any(&random)
  }

  private static func indentation(of line: String) -> String {
    String(line.prefix { $0 == " " || $0 == "-" })
  }

  /// Words are what stands between blanks, line breaks and YAML's brackets.
  private static func mutateWords(_ file: inout FuzzFile, _ random: inout FuzzRandom) {
    var parts: [String] = []
    var start = 0
    for (offset, byte) in file.bytes.enumerated() where borders.contains(byte) {
      parts.append(FuzzFile.text(file.bytes[start..<offset]))
      parts.append(FuzzFile.text(file.bytes[offset...offset]))
      start = offset + 1
    }
    parts.append(FuzzFile.text(file.bytes[start...]))
    let words = parts.indices.filter { !parts[$0].isEmpty }
    guard let first = random.element(of: words), let second = random.element(of: words) else {
      file.text += FuzzWords.any(&random)
      return
    }
    switch random.below(10) {
    case 0, 1, 2: parts[first] = FuzzWords.any(&random)
    case 3: parts[first] = parts[second]
    case 4: parts.swapAt(first, second)
    case 5: parts[first] = ""
    case 6: parts[first] = String(parts[first].dropLast())
    case 7: parts[first] += FuzzWords.any(&random)
    case 8: parts[first] = FuzzWords.any(&random) + parts[first]
    default: parts[first] = anchored(parts[first], &parts, at: second, &random)
    }
    file.text = parts.joined()
  }

  private static let borders = Array(" \n,[]{}:'\"".utf8)

  /// Puts an anchor here and its alias there.
  private static func anchored(
    _ word: String, _ parts: inout [String], at other: Int, _ random: inout FuzzRandom
  ) -> String {
    let name = random.chance(50) ? "a" : "f\(random.below(3))"
    parts[other] = "*\(name)"
    return "&\(name) \(word)"
  }
}
