extension [Finding] {
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
