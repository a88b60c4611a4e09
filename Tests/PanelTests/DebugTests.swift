import Testing
import Warehouse
@Test func debugFunctions() throws {
  let e = try Engine(Engine.Settings(threads: 1))
  for b in try e.connection.query("SELECT DISTINCT coalesce(stability,'null') || ' ' || function_name || ' ' || function_type || ' ' || len(parameters)::varchar FROM duckdb_functions() WHERE stability IS DISTINCT FROM 'CONSISTENT' AND function_type = 'scalar' ORDER BY 1").collect() { for i in 0..<b.rowCount { print("FN", b.columns[0].text(i) ?? "") } }
}
