extension [Finding] {
  /// The same findings, each once, which an anchor used twice or the members of a sweep would repeat.
  public func withoutRepetitions() -> [Finding] {
    var seen: Set<[String]> = []
    return filter { finding in
      let place = finding.span.map { "\(ObjectIdentifier($0.file)) \($0.range)" } ?? ""
      return seen.insert([finding.id.description, finding.message, place]).inserted
    }
  }

  /// The findings as a reader meets them: files in the order in which they first appear, and within
  /// a file by place; equal places, and findings without a place, keep the order given.
  public func sortedByPlace() -> [Finding] {
    var ranks: [String?: Int] = [:]
    for finding in self where ranks[finding.span?.file.name] == nil {
      ranks[finding.span?.file.name] = ranks.count
    }
    let keyed = enumerated().map { index, finding in
      (
        key: (
          ranks[finding.span?.file.name] ?? 0, finding.span?.range.lowerBound ?? 0, index
        ),
        finding: finding
      )
    }
    return keyed.sorted { $0.key < $1.key }.map(\.finding)
  }
}
