/// Functions of other databases and languages, and what DuckDB and Holdout have in their place.
enum NewcomerFunctions {
  /// What to write in place of a function that the engine does not know; nil for one unheard of.
  static func mend(_ name: String) -> String? {
    let name = name.lowercased()
    let bare = name.split(separator: ".").last.map(String.init) ?? name
    return table[name] ?? (name.hasPrefix("np.") || name.hasPrefix("math.") ? table[bare] : nil)
  }

  private static let cutoff = "`cutoff` is the day at which the expression is evaluated"
  private static let coalesce = "write `coalesce(a, b)`"
  private static let dates = "write `CAST(strptime(text, '%d.%m.%Y') AS DATE)`"

  private static let table: [String: String] = [
    "nvl": coalesce, "isnull": coalesce, "ifnull": coalesce, "fillna": coalesce,
    "iif": "write `if(condition, a, b)`", "where": "write `if(condition, a, b)`",
    "np.log": "the natural logarithm is `ln`", "numpy.log": "the natural logarithm is `ln`",
    "math.log": "the natural logarithm is `ln`", "log1p": "write `ln(1 + x)`",
    "expm1": "write `exp(x) - 1`", "getdate": cutoff, "sysdate": cutoff, "curdate": cutoff,
    "to_date": dates, "str_to_date": dates, "parse_date": dates,
    "to_number": "write `TRY_CAST(text AS DOUBLE)`", "charindex": "write `strpos(text, part)`",
    "!": "write `NOT`", "=!": "write `!=`",
  ]
}
