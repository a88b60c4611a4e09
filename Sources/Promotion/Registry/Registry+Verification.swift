public import Diagnostics

extension Registry {
  /// Checks every record, its signature, and every file that any of them speaks of, and completes a
  /// promotion that was stopped.
  /// - Parameter head: a record that the registry had before, which a registry that was cut off lacks.
  /// - Throws: `FindingsError` with everything that is not as it was written.
  public func verify(atLeast head: RegistryHead? = nil) throws(FindingsError) -> RegistryReport {
    let report = try reading { chain, warnings throws(FindingsError) in
      try inspect(chain, warnings, head)
    }
    guard report.warnings.contains(where: Self.isUnfinished) else { return report }
    do throws(FindingsError) {
      return try changing { file, chain, warnings throws(FindingsError) in
        // What was found was mended when the lock was there.
        try inspect(chain, warnings.map(\.mended), head)
      }
    } catch {
      // Where nothing can be written, it stays as it is; every load passes it over.
      guard error.findings.allSatisfy({ $0.id == Finding.ID(703) }) else { throw error }
      return report
    }
  }

  private func inspect(
    _ chain: RegistryChain, _ warnings: [Finding], _ head: RegistryHead?
  ) throws(FindingsError) -> RegistryReport {
    // What is passed over elsewhere counts here.
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
  /// The finding after what it speaks of was put in order.
  fileprivate var mended: Finding {
    guard [Finding.ID(631), Finding.ID(633)].contains(id) else { return self }
    var finding = self
    finding.hints = ["this is mended now"]
    return finding
  }
}
