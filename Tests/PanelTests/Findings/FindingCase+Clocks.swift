import OrderedCollections
import Spec

/// What depends on when, where or by which engine it is computed.
extension FindingCase {
  static let clocks: [FindingCase] =
    changing.map { name, sql, underlined in
      FindingCase.sql(306, name, sql, underlined: underlined, fix: "`cutoff` is the day")
    } + [
      condition(
        306, "a clock in a condition", "minutes > 1 AND cutoff < \"today\"()",
        underlined: "\"today\"", fix: "not allowed here"),
      query(
        306, "a clock in a source's query",
        "SELECT * FROM 'FOLDER/calls.parquet' WHERE logged < now()",
        underlined: "now()", fix: "the same rows on every run"),
      query(
        306, "a word for a clock in a source's query",
        "SELECT * FROM 'FOLDER/calls.parquet' WHERE logged < CURRENT_DATE",
        underlined: "CURRENT_DATE",
        fix: "not allowed here"),
      query(
        306, "chance in a source's order",
        "SELECT * FROM 'FOLDER/calls.parquet' ORDER BY random() LIMIT 5",
        underlined: "random()", fix: "not allowed here"),
      query(
        306, "the years up to today behind a query's column",
        "SELECT *, c.day.age() AS old FROM 'FOLDER/calls.parquet' AS c", underlined: "c.day.age()",
        fix: "not allowed here"),
      query(
        306, "a sample without a seed", "SELECT * FROM 'FOLDER/calls.parquet' USING SAMPLE 10%",
        underlined: "SAMPLE", fix: "REPEATABLE (42)"),
      query(
        371, "a form that the parser tells no tree of",
        "PIVOT (SELECT *, now() AS read FROM 'FOLDER/calls.parquet') ON kind USING sum(minutes)",
        underlined: "PIVOT", fix: "name the values"),
    ]

  private static let changing: [(name: String, sql: String, underlined: String)] = [
    ("what differs from machine to machine", "length(getenv('HOME'))", "getenv('HOME')"),
    (
      "what differs from engine to engine", "length(current_setting('threads'))",
      "current_setting('threads')"
    ),
    ("the engine's version", "length(version())", "version()"),
    ("a variable", "getvariable('x')", "getvariable('x')"),
    ("a sequence", "nextval('x')", "nextval"),
    ("a word that stands for a function", "length(current_user)", "current_user"),
    (
      "when the engine was started", "year(pg_postmaster_start_time())",
      "pg_postmaster_start_time()"
    ),
    ("the years up to today", "year(age(customers.created))", "age(customers.created)"),
    ("the years up to today behind brackets", "year((customers.created).age())", "age()"),
    ("a clock in quotes", "year(\"now\"())", "\"now\""),
    ("a clock in capitals", "year(NOW())", "NOW"),
    ("a clock that is tried", "year(TRY(now()))", "now"),
    ("a clock in a struct", "year({'a': now()}.a)", "now"),
    ("a clock in a list", "year([now()][1])", "now"),
    ("a clock in a case", "CASE WHEN cutoff < today() THEN 1 END", "today"),
    ("a clock's word", "year(current_date)", "current_date"),
    ("a clock's word in quotes", "year(\"current_date\")", "\"current_date\""),
    ("a clock in a format", "length(strftime(current_timestamp, '%Y'))", "current_timestamp"),
    (
      "seconds of a clock", "date_part('epoch', get_current_timestamp())",
      "get_current_timestamp"
    ),
    (
      "a clock that the engine calls constant", "year(current_localtimestamp())",
      "current_localtimestamp"
    ),
    ("a time that the engine calls constant", "hour(current_localtime())", "current_localtime"),
    ("a span up to today", "year(ago(INTERVAL 1 DAY))", "ago(INTERVAL 1 DAY)"),
    (
      "a time moved by today's offset",
      "hour(timezone('Australia/Sydney', CAST('12:00:00+00' AS TIMETZ)))", "TIMETZ"
    ),
    ("chance", "customers.size * random()", "random"),
    ("a new identifier", "length(CAST(gen_random_uuid() AS VARCHAR))", "gen_random_uuid"),
    ("a transaction's number", "txid_current()", "txid_current()"),
    (
      "a plan of another query", "length(json_serialize_plan('SELECT * FROM source.customers'))",
      "json_serialize_plan('SELECT * FROM source.customers')"
    ),
    (
      "a type by its text", "typeof(make_type('source.x')) = 'x'", "make_type('source.x')"
    ),
    ("a word for today", "CAST('now' AS DATE) < cutoff", "CAST('now' AS DATE)"),
    ("a day of the clock's word", "TIMESTAMP 'Today' < cutoff", "TIMESTAMP 'Today'"),
    ("a word for today by its colons", "'today'::date < cutoff", "::date"),
    (
      "tomorrow that is tried", "TRY_CAST('tomorrow' AS TIMESTAMP) < cutoff",
      "TRY_CAST('tomorrow' AS TIMESTAMP)"
    ),
    ("the engine's catalog", "length(pg_get_viewdef(1))", "pg_get_viewdef(1)"),
  ]
}
