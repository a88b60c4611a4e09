/// SQL that a spec might hold to do more than to read its sources; none of it may do anything.
///
/// `CONTROL` is a file outside of the project that holds the canary, `OUT` a path outside that nothing is
/// at, and `IN` a path in the project that nothing is at.
struct HostileSQL: Sendable {
  let name: String
  let sql: String
  /// The connection that the query is for; nil: the embedded engine.
  let connection: String?

  init(_ name: String, _ sql: String, connection: String? = nil) {
    self.name = name
    self.sql = sql
    self.connection = connection
  }

  /// Queries of sources.
  static let queries: [HostileSQL] = [
    // Writing.
    .init(
      "a COPY in a CTE", "WITH p AS (COPY (SELECT 1) TO 'OUT') SELECT * FROM 'data/visits.parquet'"),
    .init(
      "a COPY into the project in a CTE",
      "WITH p AS (COPY (SELECT 1) TO 'IN') SELECT * FROM 'data/visits.parquet'"),
    .init(
      "a COPY in a CTE that is materialized",
      "WITH p AS MATERIALIZED (COPY (SELECT 1) TO 'IN') SELECT * FROM 'data/visits.parquet'"),
    .init(
      "a COPY in a CTE of a subquery",
      "SELECT * FROM (WITH p AS (COPY (SELECT 1) TO 'IN') SELECT * FROM 'data/visits.parquet')"),
    .init(
      "a COPY in a CTE of a scalar subquery",
      "SELECT *, (WITH p AS (COPY (SELECT 1) TO 'IN') SELECT 1) FROM 'data/visits.parquet'"),
    .init(
      "a COPY in a CTE of a set operation",
      "SELECT * FROM 'data/visits.parquet' UNION ALL "
        + "(WITH p AS (COPY (SELECT 1) TO 'IN') SELECT * FROM 'data/visits.parquet')"),
    .init(
      "a COPY in a CTE of a join's condition",
      "SELECT v.* FROM 'data/visits.parquet' v JOIN range(3) r ON "
        + "EXISTS (WITH p AS (COPY (SELECT 1) TO 'IN') SELECT 1)"),
    .init(
      "a COPY in a recursive CTE",
      "WITH RECURSIVE p AS (COPY (SELECT 1) TO 'IN'), r AS (SELECT 1 UNION ALL SELECT 2) "
        + "SELECT * FROM 'data/visits.parquet'"),
    .init(
      "a COPY behind comments",
      "WITH/**/p/**/AS/**/(/* x */COPY--\n(SELECT 1) TO 'IN') SELECT * FROM 'data/visits.parquet'"),
    .init(
      "an INSERT in a CTE",
      "WITH p AS (INSERT INTO source.x VALUES (1) RETURNING *) SELECT * FROM p"),
    .init("a DELETE in a CTE", "WITH p AS (DELETE FROM source.x RETURNING *) SELECT * FROM p"),
    .init(
      "an UPDATE in a CTE", "WITH p AS (UPDATE source.x SET a = 1 RETURNING *) SELECT * FROM p"),
    .init("a COPY", "COPY (SELECT 1) TO 'OUT'"),
    .init(
      "a COPY behind a bracket", "SELECT 1); COPY (SELECT 1) TO 'OUT'; SELECT * FROM (SELECT 2"),
    .init("a second statement", "SELECT * FROM 'data/visits.parquet'; COPY (SELECT 1) TO 'OUT'"),
    .init("EXPORT DATABASE", "EXPORT DATABASE 'OUT'"),
    .init("rejected rows as a table", "SELECT * FROM read_csv('data/x.csv', store_rejects = true)"),
    .init(
      "a COPY in a CTE beside a database",
      "WITH p AS (COPY (SELECT 1) TO 'OUT') SELECT id, day FROM days", connection: "hostile"),
    .init(
      "a COPY into the project in a CTE beside a database",
      "WITH p AS (COPY (SELECT 1) TO 'IN') SELECT id, day FROM days", connection: "hostile"),
    .init(
      "a COPY of a file in a CTE beside a database",
      "WITH p AS (COPY (SELECT * FROM read_text('CONTROL')) TO 'IN') SELECT id, day FROM days",
      connection: "hostile"),
    // Reading.
    .init("a CSV file outside", "SELECT * FROM read_csv('CONTROL')"),
    .init("a CSV file outside by its name", "SELECT * FROM 'CONTROL.csv'"),
    .init("a CSV file outside by a quoted name", "SELECT * FROM \"CONTROL.csv\""),
    .init("a CSV file outside by a qualified name", "SELECT * FROM main.\"CONTROL.csv\""),
    .init("a file in a list", "SELECT * FROM read_csv(['data/x.csv', 'CONTROL'])"),
    .init("a file by a glob", "SELECT * FROM read_csv('CONTRO?')"),
    .init("a file above by dots", "SELECT * FROM read_csv('data/../../../../../../CONTROL')"),
    .init("a file by a link", "SELECT * FROM read_csv('data/link.csv')"),
    .init("a file by a link to its folder", "SELECT * FROM read_csv('data/up/*')"),
    .init("a file by a scheme", "SELECT * FROM read_csv('file:CONTROL')"),
    .init("a file of the user", "SELECT * FROM read_csv('~/.ssh/config')"),
    .init("a hidden file of the project", "SELECT * FROM read_csv('.env')"),
    .init("a file by a computed name", "SELECT * FROM read_csv('CON' || 'TROL')"),
    .init("text of a file", "SELECT * FROM read_text('CONTROL')"),
    .init("text of a file by a quoted name", "SELECT * FROM \"read_text\"('CONTROL')"),
    .init(
      "text of a file by a qualified name", "SELECT * FROM system.main.\"read_text\"('CONTROL')"),
    .init("text of a file in capitals", "SELECT * FROM READ_TEXT('CONTROL')"),
    .init("bytes of a file", "SELECT * FROM read_blob('CONTROL')"),
    .init(
      "the environment by PIVOT",
      "PIVOT (SELECT * FROM \"read_text\"('/proc/self/environ')) ON content USING count(*)"),
    .init(
      "PIVOT with values",
      "SELECT * FROM (FROM read_text('CONTROL') PIVOT (count(*) FOR content IN ('a')))"),
    .init("UNPIVOT", "UNPIVOT (SELECT content FROM read_text('CONTROL')) ON content"),
    .init("a glob", "SELECT * FROM glob('/etc/*')"),
    .init("what a CSV file looks like", "SELECT * FROM sniff_csv('CONTROL')"),
    .init("what a Parquet file holds", "SELECT * FROM parquet_metadata('CONTROL')"),
    .init("a device", "SELECT * FROM read_csv('/dev/stdin')"),
    .init("a pipe", "SELECT * FROM read_csv('data/pipe.csv')"),
    // Other databases.
    .init("a DuckDB file by its name", "SELECT * FROM 'data/shop.duckdb'"),
    .init("a DuckDB file's table", "SELECT * FROM read_duckdb('data/shop.duckdb')"),
    .init("a scan of SQLite", "SELECT * FROM sqlite_scan('CONTROL', 't')"),
    .init("a scan of PostgreSQL", "SELECT * FROM postgres_scan('host=localhost', 'public', 't')"),
    .init("ATTACH", "ATTACH 'OUT' AS x"),
    .init("a view that reads a file", "SELECT id, day FROM evil", connection: "hostile"),
    .init(
      "a view of a view that reads a file", "SELECT id, day FROM outer_evil", connection: "hostile"),
    .init(
      "a macro with a function's name", "SELECT lower(id) AS id, day FROM days",
      connection: "hostile"),
    .init("a table macro", "SELECT * FROM stolen()", connection: "hostile"),
    // The network and extensions.
    .init("a page", "SELECT * FROM read_csv('https://127.0.0.1:9/x.csv')"),
    .init("a page by its name", "SELECT * FROM 'http://127.0.0.1:9/x.parquet'"),
    .init("a bucket", "SELECT * FROM read_parquet('s3://bucket/x.parquet')"),
    .init("INSTALL", "INSTALL httpfs"),
    .init("LOAD", "LOAD 'CONTROL'"),
    // Settings, the machine, and the engine.
    .init("SET", "SET memory_limit = '1TB'"),
    .init("PRAGMA", "PRAGMA enable_external_access"),
    .init("CALL", "CALL enable_logging()"),
    .init("the environment", "SELECT getenv('HOME') AS id, DATE '2024-01-01' AS day"),
    .init(
      "a setting", "SELECT current_setting('secret_directory') AS id, DATE '2024-01-01' AS day"),
    .init("the settings", "SELECT name AS id, DATE '2024-01-01' AS day FROM duckdb_settings()"),
    .init("the secrets", "SELECT name AS id, DATE '2024-01-01' AS day FROM duckdb_secrets()"),
    .init("which secret", "SELECT * FROM which_secret('s3://x', 's3')"),
    .init("a query in a text", "SELECT * FROM query('SELECT 1 AS id')"),
    .init("a table in a text", "SELECT * FROM query_table('duckdb_settings')"),
    .init("a serialized query", "SELECT * FROM json_execute_serialized_sql('{}')"),
    .init("a log", "SELECT write_log('x') AS id, DATE '2024-01-01' AS day"),
    .init("sleep", "SELECT CAST(sleep_ms(60000) AS VARCHAR) AS id, DATE '2024-01-01' AS day"),
    .init("a checkpoint", "SELECT * FROM force_checkpoint()"),
    .init("SUMMARIZE", "SUMMARIZE SELECT * FROM 'data/visits.parquet'"),
    .init("DESCRIBE", "SELECT * FROM (DESCRIBE 'data/visits.parquet')"),
    .init("SHOW", "SHOW TABLES"),
    .init("EXPLAIN", "EXPLAIN ANALYZE SELECT 1"),
    .init("a parameter", "SELECT $1 AS id, DATE '2024-01-01' AS day"),
    .init(
      "blanks of Unicode",
      "WITH\u{00A0}p\u{00A0}AS\u{00A0}(COPY\u{00A0}(SELECT 1)\u{00A0}TO 'IN') SELECT * FROM 'data/visits.parquet'"
    ),
    .init(
      "letters of Unicode", "SELECT * FROM \u{FF52}ead_text('CONTROL')"),
    .init("quotes in dollars", "SELECT * FROM read_csv($$CONTROL$$)"),
    // SQLite through its driver.
    .init("DELETE", "DELETE FROM t", connection: "lite"),
    .init("a DELETE behind a SELECT", "SELECT id, day FROM t; DELETE FROM t", connection: "lite"),
    .init("a DELETE behind a WITH", "WITH p AS (SELECT 1) DELETE FROM t", connection: "lite"),
    .init("DROP", "DROP TABLE t", connection: "lite"),
    .init("ATTACH in SQLite", "ATTACH DATABASE 'OUT' AS x", connection: "lite"),
    .init("PRAGMA in SQLite", "PRAGMA user_version = 7", connection: "lite"),
    .init("VACUUM INTO", "VACUUM INTO 'OUT'", connection: "lite"),
    .init("an extension of SQLite", "SELECT load_extension('CONTROL') AS id", connection: "lite"),
    .init("a quote that is escaped", "SELECT '\\'; DELETE FROM t; --' AS id", connection: "lite"),
    .init(
      "a comment that MySQL runs", "SELECT id /*! ; DELETE FROM t */ FROM t", connection: "lite"),
  ]

  /// Expressions of features.
  static let expressions: [HostileSQL] = [
    .init("a query", "(SELECT count(*) FROM read_text('CONTROL'))"),
    .init("text of a file", "length(read_text('CONTROL'))"),
    .init("the environment", "length(getenv('HOME'))"),
    .init("a setting", "length(current_setting('threads'))"),
    .init("a log", "length(write_log('x'))"),
    .init("sleep", "sleep_ms(60000)"),
    .init("a plan", "length(json_serialize_plan('SELECT 1'))"),
    .init("an aggregate's state", "finalize(customers.size)"),
    .init("a bracket that is closed", "1) FROM customers; COPY (SELECT 1) TO 'OUT'; SELECT (1"),
    .init("a second statement", "1; COPY (SELECT 1) TO 'OUT'"),
    .init("a CTE", "(WITH p AS (COPY (SELECT 1) TO 'IN') SELECT 1)"),
  ]
}
