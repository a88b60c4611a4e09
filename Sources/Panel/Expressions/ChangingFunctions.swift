internal import Synchronization
internal import Warehouse

/// Functions whose value depends on the time, the machine, or the process of the call.
struct ChangingFunctions: Sendable {
  private let names: Set<String>

  /// Collects them from the engine: the functions that it declares volatile, the macros that use
  /// those, and the ones that it wrongly declares consistent.
  init(_ engine: Engine) throws(WarehouseError) {
    var names = Self.always
    let volatile =
      "SELECT DISTINCT lower(function_name) FROM duckdb_functions() "
      + "WHERE function_type = 'scalar' AND stability <> 'CONSISTENT'"
    for batch in try engine.connection.query(volatile).collect() {
      for row in 0..<batch.rowCount { names.insert(batch.columns[0].text(row) ?? "") }
    }
    // Whether `age` changes depends on its arguments.
    names.remove("age")
    // A macro may call another, so repeat until none is added.
    let macros = try Self.macros(engine)
    var isGrowing = true
    while isGrowing {
      let found = macros.filter { name, words in
        // A query in a macro reads the engine's catalog.
        !names.contains(name) && (words.contains("select") || !words.isDisjoint(with: names))
      }
      names.formUnion(found.map(\.name))
      isGrowing = !found.isEmpty
    }
    self.names = names
  }

  private static let builtIns = Mutex([String: ChangingFunctions]())

  /// Returns the functions of an engine to which no database has been attached, because a database
  /// may add macros. They depend only on the engine's version and are queried once.
  static func builtIn(_ engine: Engine) throws(WarehouseError) -> ChangingFunctions {
    if let known = builtIns.withLock({ $0[engine.version] }) { return known }
    let found = try ChangingFunctions(engine)
    builtIns.withLock { $0[engine.version] = found }
    return found
  }

  /// Returns whether a function, or a word that calls one without parentheses, is among them.
  func contains(_ name: String) -> Bool { names.contains(name.lowercased()) }

  /// Returns whether a call is among them: `age` of one date counts from today.
  func containsCall(_ name: String, arguments: Int) -> Bool {
    contains(name) || (name.lowercased() == "age" && arguments == 1)
  }

  /// Returns whether a type is a time of day with a time zone. Its conversion between zones uses
  /// today's offset.
  static func isZonedTime(_ type: String?) -> Bool {
    ["TIMETZ", "TIME WITH TIME ZONE"].contains(type?.uppercased() ?? "")
  }

  /// Returns the engine's macros with the words of their definitions.
  private static func macros(
    _ engine: Engine
  ) throws(WarehouseError) -> [(name: String, words: Set<String>)] {
    let sql =
      "SELECT lower(function_name), macro_definition FROM duckdb_functions() "
      + "WHERE function_type = 'macro' AND macro_definition IS NOT NULL"
    return try engine.connection.query(sql).collect().flatMap { batch in
      (0..<batch.rowCount).map { row in
        let tokens = SQLTokens(batch.columns[1].text(row) ?? "")
        return (
          name: batch.columns[0].text(row) ?? "", words: Set(tokens.tokens.indices.map(tokens.word))
        )
      }
    }
  }

  /// Words that the grammar parses as functions, functions that the engine wrongly declares
  /// consistent, and functions that read the machine, the engine's state or another query.
  private static let always: Set<String> = [
    "now", "ago", "today", "current_date", "current_time", "current_timestamp", "localtime",
    "localtimestamp", "current_localtime", "current_localtimestamp", "current_user", "user",
    "session_user", "current_database", "current_catalog", "current_schema", "current_role",
    "random", "uuid", "getvariable", "current_setting", "getenv", "nextval", "currval",
    "read_text", "read_blob", "version", "make_type", "json_serialize_plan", "index_key",
    "query", "query_table", "json_execute_serialized_sql",
  ]

  /// Words that call a function without parentheses, whatever columns exist.
  static let clockWords: Set<String> = [
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
  ]
}

/// Functions of other databases and languages, with their equivalents in DuckDB and Holdout.
enum NewcomerFunctions {
  /// Returns what to write instead of a function that the engine does not know; nil if that is
  /// unknown.
  static func fix(_ name: String) -> String? {
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
