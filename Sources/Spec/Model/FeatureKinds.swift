package import Diagnostics

// The kinds of features: what the program knows about each, and the SQL that computes it. The SQL
// gets the names of what it reads, as known at the cutoff, and so cannot read anything later.

/// The type of a feature's values.
public enum FeatureType: Sendable {
  /// A number.
  case number
  /// A whole number that fits in 32 bits.
  case wholeNumber
  /// 1 or 0.
  case flag
  /// A text, which the learner treats as one of several unordered levels.
  case category
}

/// What of a column a feature reads.
public enum ColumnForm: Sendable {
  /// Its value.
  case value
  /// Whether it has a value.
  case presence
  /// Its value as the level of a category.
  case level
}

/// What the program knows about a feature, whatever its kind.
package struct FeatureFacts: Sendable {
  /// What a feature reads.
  package enum Input: Sendable {
    /// A column of the entity's row of a source.
    case column(Located<ColumnReference>, ColumnForm)
    /// The columns of such rows, and the features, that SQL names.
    case sql(SQLText)
    /// The entity's rows of an event source.
    case events(Aggregate)
    /// Other features, by their names.
    case features([Located<String>])
  }

  /// Returns SQL for a feature's value, before it is cast to its type.
  /// - Parameters:
  ///   - value: SQL for the column in its form, or the feature's own SQL.
  ///   - cutoff: SQL for the cutoff's day.
  package typealias RowSQL = @Sendable (_ value: String, _ cutoff: String) -> String

  /// The type of the values.
  package let type: FeatureType
  /// What the values are computed from.
  package let reads: Input
  /// Whether an entity without a row has 0 rather than a missing value.
  package var isZeroWithoutRow = false
  /// Whether the value is the time from a day to the cutoff.
  package var isTimeSince = false
  /// SQL for the value; nil for summaries of events and combinations of features.
  package var sql: RowSQL?
}

extension FeatureExpression {
  /// The facts of the feature's kind.
  package var facts: FeatureFacts {
    switch self {
    case .column(let function, let column):
      let own = function.facts
      return FeatureFacts(
        type: own.type, reads: .column(column, own.form), isZeroWithoutRow: own.isZeroWithoutRow,
        isTimeSince: own.isTimeSince, sql: own.sql)
    case .category(.column(let column), _):
      return FeatureFacts(type: .category, reads: .column(column, .level)) { level, _ in level }
    case .category(.sql(let sql), _):
      return FeatureFacts(type: .category, reads: .sql(sql)) { value, _ in
        "nullif(trim(CAST(\(value) AS VARCHAR)), '')"
      }
    case .sql(let sql, .number):
      return FeatureFacts(type: .number, reads: .sql(sql)) { value, _ in value }
    case .sql(let sql, .flag):
      return FeatureFacts(type: .flag, reads: .sql(sql)) { value, _ in
        "CAST(\(value) AS BOOLEAN)"
      }
    case .aggregate(let aggregate):
      let own = aggregate.function.facts
      return FeatureFacts(
        type: own.type, reads: .events(aggregate), isZeroWithoutRow: own.isZeroWithoutRows)
    case .combination(let combination):
      return FeatureFacts(type: .number, reads: .features(combination.parts))
    }
  }

  /// Whether the learner treats the feature as unordered levels.
  public var isCategory: Bool { facts.type == .category }
}

/// A function of one column of the entity's row at the cutoff. The raw value is its key.
public enum ColumnFunction: String, CaseIterable, Sendable {
  /// A numeric column, unchanged.
  case value
  /// 1 or 0; null if the flag is null.
  case flag
  /// 1 if the value is neither null nor blank, else 0.
  case present
  /// 1 if the event date is on or before the cutoff, else 0.
  case happened
  /// Whole days from the date to the cutoff; null if there is no date.
  case daysSince = "days_since"

  /// What the program knows about a function of a column.
  package struct Facts: Sendable {
    /// The types of column that it reads; empty if it reads any.
    package let columnTypes: [ColumnSpec.ColumnType]
    /// The type of the feature's values.
    package let type: FeatureType
    /// What it reads of the column.
    package var form = ColumnForm.value
    /// As in `FeatureFacts`.
    package var isZeroWithoutRow = false
    /// As in `FeatureFacts`.
    package var isTimeSince = false
    /// SQL for the value.
    package let sql: FeatureFacts.RowSQL
  }

  /// The facts of the function.
  package var facts: Facts {
    switch self {
    case .value: Facts(columnTypes: [.integer, .number], type: .number) { column, _ in column }
    case .flag: Facts(columnTypes: [.flag], type: .flag) { column, _ in column }
    case .present:
      Facts(columnTypes: [], type: .flag, form: .presence, isZeroWithoutRow: true) {
        isPresent, _ in isPresent
      }
    case .happened:
      Facts(columnTypes: [.date], type: .flag, isZeroWithoutRow: true) { day, cutoff in
        "((\(day) <= \(cutoff)) IS TRUE)"
      }
    case .daysSince:
      Facts(columnTypes: [.date], type: .wholeNumber, isTimeSince: true) { day, cutoff in
        "\(cutoff) - \(day)"
      }
    }
  }
}

extension Aggregate {
  /// The function that summarizes the rows. The raw value is its key.
  public enum Function: String, CaseIterable, Sendable {
    case count, sum, mean, min, max, distinct
    /// The middle value; with an even number of values the mean of the two in the middle.
    case median
    /// The standard deviation of the sample (n - 1); missing for a single value.
    case stddev
    /// The most frequent value; of several, the smallest.
    case mode
    /// The value of the oldest and of the newest row that has one; of several on one day, the
    /// smallest and the largest.
    case first, last
    /// The slope of the least-squares line of the values over time, per day; missing for values of
    /// fewer than two days.
    case slope
    case daysSinceFirst = "days_since_first"
    case daysSinceLast = "days_since_last"
  }

  /// SQL for parts of a query that groups the rows of an event source by entity.
  package struct EventSQL {
    /// The summarized column; `*` for a function of rows.
    package let column: String
    /// The column in an aggregate function whose result depends on the order of rows.
    package let ordered: String
    /// The day of a row.
    package let time: String
    /// The cutoff's day.
    package let cutoff: String
    /// The clause after an aggregate function that selects rows; empty for all rows.
    package let filter: String
    /// The same clause, which selects only rows with a value.
    package let filterOfValues: String

    /// - Parameters:
    ///   - isInexact: whether sums of the column's values depend on their order.
    ///   - condition: the condition that rows must satisfy; nil for all rows.
    package init(
      column: String?, isInexact: Bool, time: String, cutoff: String, condition: SQLText?
    ) {
      let column = column ?? "*"
      func filter(_ more: String? = nil) -> String {
        let parts = [condition.map { "(\($0.text)\n)" }, more].compactMap(\.self)
        return parts.isEmpty ? "" : " FILTER (WHERE \(parts.joined(separator: " AND ")))"
      }
      self.column = column
      // Floating-point addition is not associative. Summing in a fixed order makes the result
      // independent of the order of rows and of threads.
      ordered = isInexact ? "\(column) ORDER BY \(column)" : column
      self.time = time
      self.cutoff = cutoff
      self.filter = filter()
      filterOfValues = filter("\(column) IS NOT NULL")
    }
  }
}

extension Aggregate.Function {
  /// What the program knows about a function of events.
  package struct Facts: Sendable {
    /// What a function summarizes.
    package enum Input { case rows, numbers, values }

    /// Rows, or the values of a column, of any type or only numbers.
    package let reads: Input
    /// The type of the feature's values.
    package let type: FeatureType
    /// Whether an entity without rows has 0 rather than a missing value.
    package var isZeroWithoutRows = false
    /// SQL for the value.
    package let sql: @Sendable (Aggregate.EventSQL) -> String
  }

  /// The facts of the function.
  package var facts: Facts {
    switch self {
    case .count:
      Facts(reads: .rows, type: .wholeNumber, isZeroWithoutRows: true) {
        "CAST(count(*)\($0.filter) AS INTEGER)"
      }
    case .distinct:
      Facts(reads: .values, type: .wholeNumber, isZeroWithoutRows: true) {
        "CAST(count(DISTINCT \($0.column))\($0.filter) AS INTEGER)"
      }
    case .sum:
      Facts(reads: .numbers, type: .number, isZeroWithoutRows: true) {
        "coalesce(CAST(sum(\($0.ordered))\($0.filter) AS DOUBLE), 0)"
      }
    case .mean:
      Facts(reads: .numbers, type: .number) {
        "CAST(sum(\($0.ordered))\($0.filter) AS DOUBLE) "
          + "/ nullif(count(\($0.column))\($0.filter), 0)"
      }
    case .min:
      Facts(reads: .numbers, type: .number) { "CAST(min(\($0.column))\($0.filter) AS DOUBLE)" }
    case .max:
      Facts(reads: .numbers, type: .number) { "CAST(max(\($0.column))\($0.filter) AS DOUBLE)" }
    case .median:
      Facts(reads: .numbers, type: .number) {
        "CAST(median(CAST(\($0.column) AS DOUBLE))\($0.filter) AS DOUBLE)"
      }
    case .stddev:
      Facts(reads: .numbers, type: .number) {
        "CAST(stddev_samp(CAST(\($0.column) AS DOUBLE) ORDER BY \($0.column))\($0.filter) AS DOUBLE)"
      }
    // The engine keeps the first of several values that are equally frequent.
    case .mode:
      Facts(reads: .numbers, type: .number) {
        "CAST(mode(\($0.column) ORDER BY \($0.column))\($0.filter) AS DOUBLE)"
      }
    case .first:
      Facts(reads: .numbers, type: .number) {
        "CAST(first(\($0.column) ORDER BY \($0.time), \($0.column))\($0.filterOfValues) AS DOUBLE)"
      }
    case .last:
      Facts(reads: .numbers, type: .number) {
        "CAST(last(\($0.column) ORDER BY \($0.time), \($0.column))\($0.filterOfValues) AS DOUBLE)"
      }
    case .slope: Facts(reads: .numbers, type: .number, sql: Self.slope)
    case .daysSinceFirst:
      Facts(reads: .rows, type: .wholeNumber) {
        "CAST(\($0.cutoff) - min(\($0.time))\($0.filter) AS INTEGER)"
      }
    case .daysSinceLast:
      Facts(reads: .rows, type: .wholeNumber) {
        "CAST(\($0.cutoff) - max(\($0.time))\($0.filter) AS INTEGER)"
      }
    }
  }

  /// The slope of the least-squares line: (n sum xy - sum x sum y) / (n sum x^2 - (sum x)^2), with
  /// days before the cutoff as x, which are whole numbers.
  @Sendable private static func slope(_ events: Aggregate.EventSQL) -> String {
    let (column, filter) = (events.column, events.filterOfValues)
    let day = "(\(events.time) - \(events.cutoff))"
    let value = "CAST(\(column) AS DOUBLE)"
    let sumOfDays = "CAST(sum(\(day))\(filter) AS DOUBLE)"
    let products = "sum(\(day) * \(value) ORDER BY \(day) * \(value))\(filter)"
    let values = "sum(\(value) ORDER BY \(column))\(filter)"
    let squares = "CAST(sum(\(day) * \(day))\(filter) AS DOUBLE)"
    return "CASE WHEN min(\(column))\(filter) = max(\(column))\(filter) "
      // Equal values have a slope of exactly 0, if there are two days.
      + "AND min(\(day))\(filter) < max(\(day))\(filter) THEN CAST(0 AS DOUBLE) "
      + "ELSE (count(\(column))\(filter) * \(products) - \(sumOfDays) * \(values)) "
      + "/ nullif(count(\(column))\(filter) * \(squares) - \(sumOfDays) * \(sumOfDays), 0) END"
  }
}

extension Combination {
  /// How values are combined, from left to right. The raw value is its key.
  public enum Operation: String, CaseIterable, Sendable {
    /// The sum; a missing value counts as 0.
    case sum
    /// The first divided by the others; missing if a value is missing or a divisor is 0.
    case ratio
    /// The first minus the others; missing if a value is missing.
    case difference

    /// Returns SQL for the combination of values, which `FeatureBlock` computes in memory.
    /// - Parameter values: SQL for each value, as a DOUBLE.
    package func sql(_ values: [String]) -> String {
      func combined(_ combine: (String, String) -> String) -> String {
        let total = values.dropFirst().reduce(values[0], combine)
        return "CASE WHEN isfinite(\(total)) THEN \(total) END"
      }
      return switch self {
      case .sum: values.map { "coalesce(\($0), 0)" }.joined(separator: " + ")
      case .ratio: combined { "(\($0)) / nullif(\($1), 0)" }
      case .difference: combined { "\($0) - \($1)" }
      }
    }
  }
}
