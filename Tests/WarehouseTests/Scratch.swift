import Testing
import Warehouse

@Test func scratch() throws {
  for threads in [1, 2, 4] {
    for setup in ["", "SET preserve_insertion_order = true"] {
      let c = try TestEngine.open(threads: threads).connection
      if !setup.isEmpty { try c.execute(setup) }
      try c.execute("CREATE TABLE t AS SELECT i, hash(i) AS h FROM range(1000000) AS r(i)")
      for sql in ["SELECT i FROM range(350000) AS r(i) ORDER BY i", "SELECT i FROM t ORDER BY i", "SELECT i FROM t ORDER BY i DESC", "SELECT h FROM t ORDER BY h >> 1", "SELECT (h>>1)::BIGINT FROM t ORDER BY h >> 1", "SELECT 'ö' || i, i FROM t ORDER BY i", "SELECT i FROM (SELECT i, h FROM t ORDER BY h) ORDER BY i", "SELECT i+1 FROM t WHERE h % 3 = 0 ORDER BY i", "WITH x AS (SELECT i FROM t) SELECT x.i FROM x JOIN t ON x.i = t.i ORDER BY 1","SELECT i FROM t ORDER BY i LIMIT 500000"] {
        let s = try c.query(sql)
        var last = -Double.infinity, bad = 0, first: Double? = nil, up = 0, down = 0, n = 0, b = 0
        while let batch = try s.next() {
          b += 1
          let col = batch.columns[batch.columns.count - 1]
          for r in 0..<batch.rowCount {
            let v = col.number(r) ?? -1
            if first == nil { first = v } else if v > last { up += 1 } else { down += 1 }
            last = v; n += 1
          }
        }
        bad = min(up, down)
        print("SCRATCH threads \(threads) \(setup.isEmpty ? "unordered" : "preserve") bad \(bad) first \(first ?? -1) n \(n) batches \(b) \(sql)")
      }
    }
  }
}
