public import Diagnostics

extension Registry {
  /// Checks every record, its signature, and every file that any record refers to, and completes an
  /// interrupted promotion.
  /// - Parameter head: a record known to be in the registry; a truncated registry lacks it.
  /// - Throws: `FindingsError` with everything that is not as it was written.
  public func verify(atLeast head: RegistryHead? = nil) throws(FindingsError) -> RegistryReport {
    let report = try reading { chain, warnings throws(FindingsError) in
      try inspect(chain, warnings, head)
    }
    guard report.warnings.contains(where: Self.isUnfinished) else { return report }
    do throws(FindingsError) {
      return try changing { file, chain, warnings throws(FindingsError) in
        // Taking the lock has already repaired these.
        try inspect(chain, warnings.map(\.fixed), head)
      }
    } catch {
      // On a read-only file system it stays as it is; every load skips it.
      guard error.findings.allSatisfy({ $0.id == Finding.ID(703) }) else { throw error }
      return report
    }
  }

  private func inspect(
    _ chain: RegistryChain, _ warnings: [Finding], _ head: RegistryHead?
  ) throws(FindingsError) -> RegistryReport {
    // Loads skip these; verification reports them.
    var problems = chain.impossibleDates(shown, .error)
    var warnings = warnings.filter { $0.id != Finding.ID(646) } + chain.outOfOrder
    if let head {
      let actual =
        head.sequence <= chain.lines.count ? chain.lines[head.sequence - 1].fingerprint : nil
      if actual != head.sha256 {
        problems.append(.otherHead(shown, head, actual: actual, count: chain.lines.count))
      }
    }
    var entries: [RegistryReport.Entry] = []
    for name in names(chain) {
      let folder = folder(name)
      let own = chain.lines.filter { $0.record.name == name }
      let versions = Dictionary(grouping: own, by: \.record.runId).compactMapValues(\.last)
      for version in versions.sorted(by: { $0.key < $1.key }) {
        problems += folder.versionProblems(version.value.record)
      }
      switch folder.state(chain.records, isTorn: chain.tornLength > 0) {
      case .complete: break
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
    let last = chain.lines.last.map {
      RegistryHead(sequence: chain.lines.count, sha256: $0.fingerprint)
    }
    return RegistryReport(
      records: chain.lines.count, head: last, entries: entries, warnings: warnings)
  }

  private static func isUnfinished(_ finding: Finding) -> Bool {
    [Finding.ID(631), Finding.ID(633)].contains(finding.id)
  }
}

extension Finding {
  /// The finding, once its problem has been repaired.
  fileprivate var fixed: Finding {
    guard [Finding.ID(631), Finding.ID(633)].contains(id) else { return self }
    var finding = self
    finding.hints = ["this is fixed now"]
    return finding
  }
}
