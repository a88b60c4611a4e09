public import Diagnostics
internal import Files
internal import Foundation
internal import Runs

extension Registry {
  /// Promotes a run: stores its files first, then writes the record, which makes it champion.
  ///
  /// The registry is locked meanwhile. A promotion that is interrupted before its record is
  /// complete has not happened. One that is interrupted later has, and the next change completes
  /// its folder.
  /// - Throws: `FindingsError`; nothing was promoted then, unless the finding says so.
  public func promote(
    _ request: PromotionRequest, _ entry: RegistryEntry
  ) throws(FindingsError) -> RegistryOutcome {
    guard ModelName.isValid(request.name) else {
      throw FindingsError(.unusableName(request.name))
    }
    let run = request.run.record
    return try changing { file, chain, warnings throws(FindingsError) in
      let before = chain.last(of: request.name)
      if before?.runId == run.runId {
        return RegistryOutcome(result: .isChampion(runId: run.runId), warnings: warnings)
      }
      guard before?.runId == request.champion else {
        return RegistryOutcome(result: .championChanged, warnings: warnings)
      }
      _ = try moment(entry, chain)
      try checkKey(entry.key, after: chain)
      let folder = folder(request.name)
      if let link = folder.outwardLink(run.runId) { throw FindingsError(link) }
      let files = try stored(request, folder, chain)
      let record = try record(of: request, entry, files: files, after: chain)
      try append(record, entry.key, to: file, chain)
      return RegistryOutcome(
        result: .recorded(record), warnings: warnings + remarks(record, chain))
    }
  }

  /// Refuses an entry that could not be recorded now because its signature would not be accepted.
  /// - Throws: `FindingsError`.
  public func check(_ entry: RegistryEntry) throws(FindingsError) {
    try reading { chain, _ throws(FindingsError) in try checkKey(entry.key, after: chain) }
  }

  /// The record that a promotion would write, as indented JSON; nothing is written.
  /// - Throws: as `promote`.
  public func preview(
    _ request: PromotionRequest, _ entry: RegistryEntry
  ) throws(FindingsError) -> String {
    try reading { chain, _ throws(FindingsError) in
      let record = try record(
        of: request, entry, files: request.artifact.fingerprints, after: chain)
      do {
        return try record.indentedJSON()
      } catch {
        throw FindingsError(.unwritable(shown, FileError(shown, EINVAL), notes: ["\(error)"]))
      }
    }
  }

  private func record(
    of request: PromotionRequest, _ entry: RegistryEntry, files: [String: String],
    after chain: RegistryChain
  ) throws(FindingsError) -> RegistryRecord {
    let run = request.run.record
    return RegistryRecord(
      sequence: chain.lines.count + 1, action: .promote, name: request.name, runId: run.runId,
      experiment: run.name, at: try moment(entry, chain), by: entry.by, reason: entry.reason,
      gate: request.gate, override: request.override,
      accepted: run.accepted.isEmpty ? nil : run.accepted.map(\.words),
      replaces: chain.last(of: request.name)?.runId, files: files,
      predictions: Fingerprint.of(file: request.run.path("predictions.parquet")), data: run.data,
      git: entry.git, versions: run.versions, previous: chain.lines.last?.fingerprint)
  }

  /// Rolls a name back to the previous champion, or to any version that was promoted.
  /// - Parameter runId: the version; nil for the one that the champion replaced when it was
  ///   promoted.
  /// - Throws: `FindingsError`; nothing was changed then, unless the finding says so.
  public func rollback(
    _ name: String, to runId: String?, _ entry: RegistryEntry
  ) throws(FindingsError) -> RegistryOutcome {
    try changing { file, chain, warnings throws(FindingsError) in
      let own = chain.records.filter { $0.name == name }
      guard let champion = own.last else {
        throw FindingsError(
          .nothingPromoted(name, known: Set(chain.records.map(\.name)).sorted()))
      }
      let promotion = own.last { $0.runId == champion.runId && $0.action == .promote }
      guard let wanted = runId ?? promotion?.replaces else {
        throw FindingsError(.nothingBefore(champion))
      }
      guard let target = own.last(where: { $0.runId == wanted }) else {
        throw FindingsError(
          .noSuchVersion(wanted, name, known: Set(own.map(\.runId)).sorted()))
      }
      if wanted == champion.runId {
        return RegistryOutcome(result: .isChampion(runId: wanted), warnings: warnings)
      }
      try checkKey(entry.key, after: chain)
      try folder(name).versionProblems(target).throwIfErrors()
      let record = RegistryRecord(
        sequence: chain.lines.count + 1, action: .rollback, name: name, runId: wanted,
        experiment: target.experiment, at: try moment(entry, chain), by: entry.by,
        reason: entry.reason, gate: nil, override: nil, replaces: champion.runId,
        files: target.files, predictions: target.predictions, data: target.data, git: entry.git,
        versions: target.versions, previous: chain.lines.last?.fingerprint)
      try append(record, entry.key, to: file, chain)
      return RegistryOutcome(
        result: .recorded(record), warnings: warnings + remarks(record, chain))
    }
  }

  // MARK: - One change at a time

  /// Runs a closure with the registry locked exclusively, after repairing what a crash left.
  func changing<Value>(
    _ work: (borrowing RegistryFile, RegistryChain, [Finding]) throws(FindingsError) -> Value
  ) throws(FindingsError) -> Value {
    try writing { () throws(FileError) in
      try Files.makeFolder((path as NSString).deletingLastPathComponent)
    }
    let opened = try RegistryFile(path, shown: shown, forChanges: true, lockTimeout: lockTimeout)
    guard let file = opened else {
      throw FindingsError(.unwritable(shown, FileError(shown, ENOENT)))
    }
    var (chain, warnings) = try checked(file.read())
    warnings += try unfinished(chain)
    for name in names(chain) {
      let folder = folder(name)
      try writing { () throws(FileError) in
        try folder.refresh(chain.last(of: name))
      }
    }
    if chain.tornLength > 0 {
      try file.cut(to: chain.wholeLength)
      chain = RegistryChain(try file.read())
    }
    return try work(file, chain, warnings)
  }

  /// The folders in which an interrupted promotion had begun to replace files.
  /// - Throws: `FindingsError` if a file is neither the champion's nor its predecessor's.
  func unfinished(_ chain: RegistryChain) throws(FindingsError) -> [Finding] {
    var findings: [Finding] = []
    for name in names(chain) {
      let folder = folder(name)
      findings += chain.last(of: name).map { folder.versionProblems($0) } ?? []
      switch folder.state(chain.records, isTorn: chain.tornLength > 0) {
      case .complete: break
      case .unfinished:
        findings.append(.unfinishedPromotion(folder.shown, chain.last(of: name)))
      case .wrong(let problems): findings += problems
      }
    }
    try findings.throwIfErrors()
    return findings
  }

  /// Stores a run's artifact among the versions, unless it is there.
  /// - Returns: the SHA-256 of each file.
  private func stored(
    _ request: PromotionRequest, _ folder: ModelFolder, _ chain: RegistryChain
  ) throws(FindingsError) -> [String: String] {
    let runId = request.run.record.runId
    let earlier = chain.records.last { $0.name == request.name && $0.runId == runId }
    guard let earlier else {
      try writing { () throws(FileError) in
        try folder.store(request.artifact, as: runId)
      }
      return request.artifact.fingerprints
    }
    // A repeated run writes the same files, except for the timings in its run.json and report.
    let own = request.artifact.fingerprints
    for file in Set(earlier.files.keys).union(own.keys).sorted()
    where (file as NSString).lastPathComponent != "run.json" && own[file] != earlier.files[file] {
      throw FindingsError(.otherContents(runId, file))
    }
    try folder.versionProblems(earlier).throwIfErrors()
    return earlier.files
  }

  /// Writes a record, then makes the version's files the champion's own.
  private func append(
    _ record: RegistryRecord, _ key: SigningKey?, to file: borrowing RegistryFile,
    _ chain: RegistryChain
  ) throws(FindingsError) {
    let line: RegistryLine
    do {
      line = try RegistryLine(record, key: key)
    } catch {
      throw FindingsError(.unwritable(shown, FileError(shown, EINVAL), notes: ["\(error)"]))
    }
    let lead = chain.lacksLineBreak ? "\n" : ""
    try file.append(Data(lead.utf8) + line.bytes + Data("\n".utf8), after: chain.wholeLength)
    let folder = folder(record.name)
    let note =
      "record \(record.sequence) is written, so this is done; `holdout verify` completes the folder"
    try writing(notes: [note]) { () throws(FileError) in
      try folder.refresh(record)
    }
  }

  /// Refuses to write a record that no reader would accept.
  private func checkKey(_ key: SigningKey?, after chain: RegistryChain) throws(FindingsError) {
    let sequence = chain.lines.count + 1
    if let objection = try RegistryTrust(project).objection(to: key?.publicKey, sequence) {
      throw FindingsError(.unsignedPromotion(sequence, objection))
    }
  }

  /// The time of a record. The links between records decide their order, so a clock that was wrong
  /// once blocks nobody.
  private func moment(
    _ entry: RegistryEntry, _ chain: RegistryChain
  ) throws(FindingsError) -> String {
    let now = entry.clock().formatted(.iso8601)
    guard RegistryRecord.day(of: now) != nil else { throw FindingsError(.impossibleClock(now)) }
    return now
  }

  /// The findings about a new record that is dated before its predecessor.
  private func remarks(_ record: RegistryRecord, _ chain: RegistryChain) -> [Finding] {
    chain.records.last.map { RegistryChain.remarks(record, after: $0) } ?? []
  }

  /// Runs a closure that changes files, and reports a failure with the file concerned.
  private func writing(
    notes: [String] = [], _ work: () throws(FileError) -> Void
  ) throws(FindingsError) {
    do throws(FileError) {
      try work()
    } catch {
      let path =
        error.path.hasPrefix(project.folder + "/")
        ? String(error.path.dropFirst(project.folder.count + 1)) : error.path
      throw FindingsError(.unwritable(path, error, notes: notes))
    }
  }
}
