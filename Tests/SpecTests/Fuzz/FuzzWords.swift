import HoldoutTestSupport
import Randomness
import Spec

/// The words that mutations write: those of the spec's language, of YAML and of SQL.
enum FuzzWords {
  /// Every key of every map of the language.
  static let keys: [String] = DefinitionName.allCases.flatMap {
    SpecLanguage.definition($0).keys.map(\.name)
  }

  /// Every fixed value of the language.
  static let words: [String] = DefinitionName.allCases.flatMap { name in
    SpecLanguage.definition(name).keys.flatMap { fixedWords(of: $0.kind) }
  }

  /// The keys under which a kind of value stands, to put a value of the right kind there.
  static let kinds: [String: ValueKind] = Dictionary(
    DefinitionName.allCases.flatMap { name in
      SpecLanguage.definition(name).keys.map { ($0.name, $0.kind) }
    }, uniquingKeysWith: { first, _ in first })

  /// Names that the seeds use, and references made of them.
  static let names = [
    "customers", "history", "calls", "customers.created", "customers.first_order",
    "customers.segment", "customers.employees", "customers.status", "customers.touched",
    "history.email", "history.region", "history.inactive", "history.moved", "calls.kind",
    "calls.minutes", "calls.day", "account", "engagement", "age", "has_email", "region",
    "calls_30d", "calls_all", "-account", "-age", "-", "a.b.c", ".", "..", "customers.", ".id",
    "key", "cutoff", "role", "label", "Customers", "base.yaml", "spec.yaml", "spec.yaml/",
    "label.event", "-label.event", "-customers.created",
    "model.params.num_leaves", "cutoffs.train", "random",
    "./base.yaml", "bases/../base.yaml", "/base.yaml", "missing.yaml", "../base.yaml",
  ]

  /// Periods and days, good and bad.
  static let times = [
    "90 days", "0 days", "1 day", "6 months", "2 weeks", "1 year", "100000 years", "100001 days",
    "99999999999999999999 days", "-1 days", "90d", "90  days", "days", "2025-09-30", "2025-02-29",
    "2024-02-29", "0000-01-01", "9999-12-31", "2025-9-30", "2025-13-01", "2025-09-30T00:00:00Z",
    "1 days 2 months", "٣ days", "0001-01-01",
  ]

  /// Numbers, and what looks like one.
  static let numbers = [
    "0", "1", "-1", "42", "2147483647", "2147483648", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "99999999999999999999999999999999", "1e308",
    "1e309", "-1e309", "5e-324", "1e-400", "0x10", "0xFFFFFFFFFFFFFFFFFF", "0o17", "0o8", "010",
    "+5", ".5", "5.", "1_000", "0b1", "1:30", ".nan", ".inf", "-.inf", "0.95", "1.0", "100", "1e3",
    "0.1e-0", "-0.0", "true", "True", "FALSE", "no", "y", "~", "null", "NULL", "",
  ]

  /// Pieces of SQL, whole and broken.
  static let sql = [
    "kind = 'call'", "customers.segment", "now()", "random ()", "current_date", "'open",
    "\"open", "\"now\"()", "-- comment", "/* comment", "/*/", "*/", "a.b.c.d", "customers.status",
    "\"customers\".\"status\"", "cutoff", "cutoff - 1", "(", ")", "((", "$$", ";", "select 1",
    "''", "'it''s'", "customers . status", "minutes > 3", "note", "customers.status::text",
  ]

  /// YAML's indicators and properties.
  static let yaml = [
    "- ", "? ", ": ", ":", ",", "[", "]", "{", "}", "#", " #", "&a ", "*a", "&a", "!", "!!str ",
    "!!int ", "!!null ", "!!map ", "!!seq ", "!<tag:yaml.org,2002:str> ", "!e!x ", "|", ">", "|-",
    ">+", "|2", "|9", "'", "\"", "%", "%TAG ! tag:e.org,2000:\n", "%YAML 1.2\n", "@", "`", "---",
    "--- ", "...", "\n---\n", "\n...\n", "<<: *a", "<<: [*a, *a]", "<<: {a: b}", "<<", "&a [",
    "\\", "\\x", "\\u12", "\\U0010FFFF", "\\uD800", "\\e[31m", "\"\\e[31m\"", "\"\\0\"",
    "\"\\u202E\"", "\t", "  ", "\n", "\n\n", "\r\n", "\r", "{append: [x]}", "{append: []}",
    "append: ", "[[]]", "{}", "[]", "{a: 1, a: 2}", "? [a]\n: b", "null", "~",
    "${env:USER}", "${env:", "${", "${env:}", "{name}", "{cutoff}", "{nmae}", "{{name}}",
    "{from: 1, to: 3}", "{from: -1e308, to: 1e308}", "{from: 0, to: 1, scale: log}",
  ]

  /// Characters that editors, terminals and parsers treat in their own ways.
  static let characters = [
    "é", "e\u{301}", "日", "😀", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "\u{FEFF}",
    "\u{85}", "\u{A0}", "\u{2028}", "\u{2029}", "\u{202E}", "\u{200B}", "\u{345}", "\u{0}",
    "\u{1B}[31m", "\u{7}", "\u{7F}", "\u{9B}", "\u{FFFD}", "\u{FFFE}", "\u{E000}", "\u{10FFFF}",
    "İ", "ß", "ﬁ", "\u{1100}\u{1161}", "١", "𝟙",
  ]

  /// A word of any kind.
  static func any(_ random: inout FuzzRandom) -> String {
    switch random.below(10) {
    case 0, 1: random.element(of: keys) ?? ""
    case 2: random.element(of: words) ?? ""
    case 3, 4: random.element(of: names) ?? ""
    case 5: random.element(of: times) ?? ""
    case 6: random.element(of: numbers) ?? ""
    case 7: random.element(of: sql) ?? ""
    case 8: random.element(of: yaml) ?? ""
    default: random.element(of: characters) ?? ""
    }
  }

  private static func fixedWords(of kind: ValueKind) -> [String] {
    switch kind {
    case .words(let words): words.map(\.name)
    case .either(let kinds): kinds.flatMap(fixedWords)
    case .list(let kind, _), .names(let kind, _), .entry(let kind): fixedWords(of: kind)
    default: []
    }
  }
}
