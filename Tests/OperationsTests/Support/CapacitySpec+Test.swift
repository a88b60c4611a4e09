import Diagnostics
import OrderedCollections
import Spec

extension CapacitySpec {
  /// A capacity of plain values.
  static func test(
    per: String? = nil, rows: Int? = nil, groups: OrderedDictionary<String, Int> = [:],
    total: Int? = nil, maxShare: Double? = nil, minScore: Double? = nil,
    coolDown: Period? = nil, exclude: [String] = [], holdBack: Double? = nil
  ) -> CapacitySpec {
    CapacitySpec(
      span: SourceFile(name: "spec.yaml", text: "").start, per: per.map { .test($0) },
      rows: rows.map { .test($0) }, groups: groups.mapValues { .test($0) },
      total: total.map { .test($0) }, maxShare: maxShare.map { .test($0) },
      minScore: minScore.map { .test($0) }, coolDown: coolDown,
      exclude: exclude.map { .test($0) }, holdBack: holdBack.map { .test($0) })
  }
}
