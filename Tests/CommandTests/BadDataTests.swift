import Foundation
import HoldoutTestSupport
import Testing

/// Faults in the data: each is told with its place in the spec and what to do, and the results from
/// before stay as they were, byte for byte.
@Suite struct BadDataTests {
  /// A project with results, and then something that goes wrong.
  private func refused(_ spoil: (TestProject) throws -> Void) throws -> ProgramResult {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    try spoil(project)
    let result = try project.holdout("run", "shop.yaml")
    #expect(project.contents(of: "results") == before)
    #expect(result.output.isEmpty, "\(result)")
    return result
  }

  @Test func `a source file that is missing`() throws {
    let result = try refused {
      try $0.remove("data/visits.parquet")
    }
    #expect(result.refuses("H311", "there is no file `data/visits.parquet`", "shop.yaml:26:14"))
    #expect(result.errors.contains("paths are relative to the project folder"))
    #expect(result.underlined == ["data/visits.parquet"])
  }

  @Test func `a database that is missing`() throws {
    let result = try refused {
      try $0.remove("data/shop.duckdb")
    }
    #expect(result.refuses("H312", "source `customers` cannot be read", "data/shop.duckdb"))
    #expect(result.underlined.first == "customers")
  }

  @Test func `a table that the database does not hold`() throws {
    let result = try refused { try $0.writeSpec(["table: customers": "table: custommers"]) }
    #expect(result.refuses("H312", "custommers", "shop.yaml:9:12"))
    #expect(result.underlined == ["custommers"])
  }

  @Test func `a source file that is a folder`() throws {
    let result = try refused { try $0.writeSpec(["data/visits.parquet": "data"]) }
    #expect(result.refuses("H311", "`data` is a folder", "name its files: `data/*.parquet`"))
  }

  @Test(arguments: ["customers", "history", "visits"])
  func `a source without rows`(_ table: String) throws {
    let result = try refused { try $0.changeData("DELETE FROM \(table);") }
    #expect(result.refuses("H316", "source `\(table)` has no rows"), "\(result)")
    #expect(result.underlined.contains(table))
  }

  @Test func `a column that is missing`() throws {
    let result = try refused {
      try $0.changeData("ALTER TABLE visits RENAME COLUMN amount TO amounts;")
    }
    #expect(result.refuses("H314", "source `visits` has no column `amount`", "shop.yaml:30:27"))
    #expect(result.errors.contains("did you mean `amounts`?"))
    #expect(result.errors.contains("its columns: id, kind, amounts, visited_on, noted_on"))
    #expect(result.underlined == ["amount"])
  }

  @Test func `a key column that is missing`() throws {
    let result = try refused { try $0.changeData("ALTER TABLE history RENAME COLUMN id TO key;") }
    #expect(result.refuses("H314", "source `history` has no column `id`", "shop.yaml:21:10"))
    #expect(result.underlined == ["id"])
  }

  @Test func `a date column that does not parse`() throws {
    let result = try refused {
      try $0.changeData(
        """
        ALTER TABLE customers ALTER created_on TYPE VARCHAR;
        UPDATE customers SET created_on = '31.12.2022' WHERE id IN ('C0003', 'C0700');
        """)
    }
    #expect(result.refuses("H315", "2 rows of `customers` have a `created_on` that is not a date"))
    #expect(result.errors.contains("for example `31.12.2022`, key `C0"))
    #expect(result.errors.contains("write `formats: [iso, \"%d.%m.%Y\"]`"))
    #expect(result.underlined == ["created_on"])
  }

  @Test(arguments: ["train", "calibrate", "test"])
  func `a count beyond all bounds`(_ role: String) throws {
    let project = try TestProject()
    let result = try project.holdout(
      "check", "--offline", "shop.yaml", "cutoffs.\(role)=9223372036854775807")
    #expect(result.refuses("H211", "`\(role)` must be from"), "\(result)")
  }

  @Test(arguments: ["nosuch(1) = 1", "nosuch 'x' = 1"])
  func `SQL of the label that the engine refuses`(_ sql: String) throws {
    let project = try TestProject()
    let result = try project.holdout(
      "check", "shop.yaml",
      "label={event: {source: visits, where: \"\(sql)\"}, horizon: 60 days}")
    #expect(result.refuses("H308", "the engine rejects this SQL"), "\(result)")
  }

  @Test func `a number column that does not parse`() throws {
    let result = try refused {
      try $0.changeData(
        """
        ALTER TABLE visits ALTER amount TYPE VARCHAR;
        UPDATE visits SET amount = '12,50' WHERE id = 'C0001';
        """)
    }
    #expect(result.refuses("H315", "have a `amount` that is not a number", "`12,50`"), "\(result)")
    #expect(result.underlined == ["amount"])
  }

  @Test func `duplicate keys`() throws {
    let result = try refused {
      try $0.changeData("INSERT INTO customers FROM customers WHERE id IN ('C0007', 'C0008');")
    }
    #expect(result.refuses("H318", "2 keys appear more than once in `customers`", "`C0007`"))
    #expect(result.errors.contains("set `duplicates: first` or `duplicates: last`"))
    #expect(result.underlined == ["id"])
  }

  @Test func `keys that are the same once a trailing zero is taken off`() throws {
    let result = try refused {
      try $0.changeData(
        """
        UPDATE customers SET id = '17' WHERE id = 'C0017';
        UPDATE customers SET id = '17.0' WHERE id = 'C0018';
        """)
    }
    #expect(result.refuses("H318", "1 key appears more than once", "`17`"), "\(result)")
  }

  @Test(arguments: ["NULL", "''", "'  '"])
  func `a key that is null or blank`(_ key: String) throws {
    let result = try refused {
      try $0.changeData("UPDATE customers SET id = \(key) WHERE id = 'C0009';")
    }
    #expect(result.refuses("H317", "1 row of `customers` has no key", "`null_keys: drop`"))
    #expect(result.errors.contains("shop.yaml:11:10"))
    #expect(result.underlined == ["id"])
  }

  @Test func `versions of one entity that overlap`() throws {
    let result = try refused {
      try $0.changeData("UPDATE history SET valid_to = valid_to + 1 WHERE id = 'C0010';")
    }
    #expect(result.refuses("H319", "overlaps another version", "`C0010`"), "\(result)")
  }

  @Test func `no positives`() throws {
    let result = try refused {
      try $0.changeData("UPDATE customers SET first_licence = NULL;")
    }
    #expect(result.refuses("H501", "train rows is positive", "`holdout plan` shows"), "\(result)")
    #expect(result.underlined == ["label"])
  }

  @Test func `one class in train`() throws {
    // Whoever is in the cohort has bought by the end of the label window.
    let result = try refused {
      try $0.changeData(
        """
        DELETE FROM customers WHERE first_licence IS NULL OR first_licence > DATE '2024-11-30';
        UPDATE customers SET created_on = greatest(created_on, first_licence - 27);
        """)
    }
    #expect(
      result.refuses("H502", "train rows are positive", "there are no negatives"), "\(result)")
    #expect(result.underlined == ["label"])
  }

  @Test func `a cohort without anybody`() throws {
    let result = try refused { try $0.changeData("UPDATE history SET is_active = false;") }
    #expect(result.refuses("H504", "no entity is in the cohort", "relax `cohort.where`"))
  }

  @Test func `too little history`() throws {
    let result = try refused { try $0.writeSpec(["train: 12": "train: 60"]) }
    #expect(result.refuses("H404", "there are 48 cutoffs, and this spec needs 69"), "\(result)")
    #expect(result.errors.contains("`visits` starts on 2020-10-07"))
    #expect(result.errors.contains("lower `train`"))
    #expect(result.underlined == ["60"])
  }

  @Test func `an expression that fails on the data`() throws {
    let result = try refused {
      try $0.writeSpec(["customers.size >= 50": "CAST(customers.channel AS INTEGER) > 0"])
    }
    #expect(result.refuses("H308", "Could not convert string", "shop.yaml:36:"), "\(result)")
    #expect(result.underlined == ["CAST"])
  }

  // MARK: - Damaged files

  @Test(arguments: [0, 3, 700, 10_000])
  func `a Parquet file that was cut off`(_ length: Int) throws {
    let result = try refused { project in
      try project.data("data/visits.parquet").prefix(length)
        .write(to: URL(filePath: "\(project.folder)/data/visits.parquet"))
    }
    #expect(result.refuses("H312", "source `visits` cannot be read", "visits.parquet"))
    #expect(result.underlined == ["data/visits.parquet"], "\(result)")
  }

  @Test func `a Parquet file whose pages are damaged`() throws {
    let result = try refused { project in
      var bytes = try project.data("data/visits.parquet")
      for index in (bytes.count / 10)..<(bytes.count / 2) { bytes[index] ^= 0x5A }
      try bytes.write(to: URL(filePath: "\(project.folder)/data/visits.parquet"))
    }
    #expect(result.refuses("H312", "source `visits` cannot be read"), "\(result)")
    #expect(result.underlined == ["visits"] || result.underlined == ["data/visits.parquet"])
  }

  @Test func `a Parquet file whose footer is damaged`() throws {
    let result = try refused { project in
      var bytes = try project.data("data/history.parquet")
      for index in (bytes.count - 120)..<(bytes.count - 60) { bytes[index] = 0xFF }
      try bytes.write(to: URL(filePath: "\(project.folder)/data/history.parquet"))
    }
    #expect(result.refuses("H312", "source `history` cannot be read"), "\(result)")
  }

  @Test func `a database file that is none`() throws {
    let result = try refused { try $0.write("data/shop.duckdb", "not a database") }
    #expect(result.refuses("H312", "source `customers` cannot be read"), "\(result)")
  }
}
