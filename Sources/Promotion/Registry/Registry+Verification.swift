public import Diagnostics

extension Registry {
  /// Checks every record, its signature, and every file that any of them speaks of, and completes a
  /// promotion that was stopped.
  /// - Throws: `FindingsError` with everything that is not as it was written.
  public func verify() throws(FindingsError) -> RegistryReport {
    let report = try reading { chain, warnings throws(FindingsError) in
      try inspect(chain, warnings)
    }
    guard report.warnings.contains(where: Self.isUnfinished) else { return report }
    do throws(FindingsError) {
      return try changing { file, chain, warnings throws(FindingsError) in
        // What was found was mended when the lock was there.
        try inspect(chain, warnings.map(\.mended))
      }
    } catch {
      // Where nothing can be written, it stays as it is; every load passes it over.
      guard error.findings.allSatisfy({ $0.id == Finding.ID(703) }) else { throw error }
      return report
    }
  }

  private func inspect(
    _ chain: RegistryChain, _ warnings: [Finding]
  ) throws(FindingsError) -> RegistryReport {
    var problems: [Finding] = []
    var warnings = warnings
    var entries: [RegistryReport.Entry] = []
    for name in names(chain) {
      let folder = folder(name)
      let own = chain.lines.filter { $0.record.name == name }
      let versions = Dictionary(grouping: own, by: \.record.runId).compactMapValues(\.last)
      for version in versions.sorted(by: { $0.key < $1.key }) {
        problems += folder.versionProblems(version.value.record)
      }
      switch folder.standing(chain.records, isTorn: chain.tornLength > 0) {
      case .whole: break
      case .unfinished:
        warnings.append(.unfinishedPromotion(folder.shown, own.last?.record))
      case .wrong(let findings): problems += findings
      }
      warnings += folder.strangers(chain.records).map { .stranger($0) }
      if let last = own.last {
        entries.append(
          RegistryReport.Entry(
            champion: last.record, key: last.signature?.key, versions: versions.count))
      }
    }
    if problems.hasErrors { throw FindingsError(problems + warnings) }
    return RegistryReport(records: chain.lines.count, entries: entries, warnings: warnings)
  }

  private static func isUnfinished(_ finding: Finding) -> Bool {
    [Finding.ID(631), Finding.ID(633)].contains(finding.id)
  }
}

extension Finding {
  /// The finding after what it speaks of was put in order.
  fileprivate var mended: Finding {
    var finding = self
    finding.hints = ["this is mended now"]
    return finding
  }
}
