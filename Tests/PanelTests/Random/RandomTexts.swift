import HoldoutTestSupport
import Randomness
import Spec

/// Values in the many spellings in which systems write them.
struct RandomTexts {
  var generator: SplitMix64

  /// A day as text: alone, with a time, or with an offset that puts another day before it.
  mutating func day(_ days: Int, slashed: Bool) -> RawCell {
    let date = CalendarDate(days: days)
    switch generator.number(0...6) {
    case 0: return .text("  \(date) ")
    case 1, 2: return .text(offset(days))
    case 3: return .text("\(date) 23:59:59.250")
    case 4: return .text("\(date)T00:00:00Z")
    case 5 where slashed:
      let (year, month, day) = date.civil
      return .text("\(padded(month))/\(padded(day))/\(year)")
    default: return .text(date.description)
    }
  }

  /// A moment of the day in UTC, written with an offset from it.
  private mutating func offset(_ days: Int) -> String {
    let minutes = generator.pick([-720, -420, -210, 0, 60, 330, 840])
    let local = days * 86_400 + generator.number(0...86_399) + minutes * 60
    let zone = abs(minutes)
    return "\(CalendarDate(days: RawCell.day(of: local)))\(generator.pick(["T", " "]))"
      + "\(RawCell.time(of: local))\(minutes < 0 ? "-" : "+")\(padded(zone / 60)):\(padded(zone % 60))"
  }

  private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// A key as one of several systems would write it.
  mutating func key(_ key: String) -> RawCell {
    switch generator.number(0...7) {
    case 0: .text("\(key).0")
    case 1: .text(" \(key) ")
    case 2: .text("  \(key).0")
    default: .text(key)
    }
  }

  mutating func flag(_ flag: Bool) -> RawCell {
    .text(
      generator.pick(
        flag ? ["1", "1.0", "T", "true", "Y", "yes"] : ["0", "0.0", "f", "FALSE", "n"]))
  }

  /// One of some words, sometimes with blanks, sometimes as JSON, sometimes none.
  mutating func word(_ words: [String], json: Bool = false) -> RawCell {
    let word = generator.pick(words)
    switch generator.number(0...9) {
    case 0: return .null
    case 1: return .text("")
    case 2: return .text("  ")
    case 3: return .text(" \(word)")
    case 4 where json: return .text("{\"value\":\"\(word)\"}")
    case 5 where json: return .text("{\"value\": \" \"}")
    default: return .text(word)
    }
  }

  /// A number, of very different sizes, or none.
  mutating func amount() -> RawCell {
    switch generator.number(0...6) {
    case 0: .null
    case 1: .number(1e15 + Double(generator.number(0...1000)))
    case 2: .number(-1e15)
    case 3: .number(Double.random(in: 0...1, using: &generator))
    default: .number(Double(generator.number(-5...40)))
    }
  }
}
