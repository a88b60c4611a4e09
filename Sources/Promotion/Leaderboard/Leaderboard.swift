public import Diagnostics
public import Evaluation
public import Experiment
public import Runs
internal import Spec
internal import Warehouse

/// The latest run of every experiment, sorted within each group that answers the same question.
public struct Leaderboard: Sendable {
  public struct Entry: Sendable {
    public let run: ComparedRun
    /// From 1; nil if the run is not ranked.
    public let rank: Int?
    /// nil if the metric is undefined.
    public let value: Double?
    /// Why it is not ranked, a word or two each; empty if it is.
    public let reasons: [String]
    package let metrics: SideMetrics

    package init(
      run: ComparedRun, rank: Int?, value: Double?, reasons: [String], metrics: SideMetrics
    ) {
      (self.run, self.rank, self.value) = (run, rank, value)
      (self.reasons, self.metrics) = (reasons, metrics)
    }
  }

  /// The runs that were evaluated on the same question and rows.
  public struct Question: Sendable {
    /// Label, horizon and test cutoffs.
    public let heading: String
    /// Test rows, positives and buyers.
    public let rows: String
    /// Ranked runs, best first, then the others by name.
    public let entries: [Entry]
    /// The winner's selection bias; nil if it cannot be estimated.
    public let optimism: Optimism?

    package init(heading: String, rows: String, entries: [Entry], optimism: Optimism? = nil) {
      (self.heading, self.rows) = (heading, rows)
      (self.entries, self.optimism) = (entries, optimism)
    }
  }

  /// The bias from picking the best of several runs on the same rows.
  public struct Optimism: Sendable {
    /// The runs that it was estimated from: those whose predictions are available.
    public let names: [String]
    public let selection: SelectionOptimism
  }

  public let metric: String
  /// Where the metric comes from, unless it is the user's choice or the default.
  public let notes: [Judging.Note]
  /// By heading.
  public let questions: [Question]
  /// Why the results of some experiments are missing.
  public let findings: [Finding]

  package init(
    metric: String, notes: [Judging.Note] = [], questions: [Question], findings: [Finding] = []
  ) {
    (self.metric, self.notes) = (metric, notes)
    (self.questions, self.findings) = (questions, findings)
  }
}

/// Builds the leaderboard of a project.
public struct LeaderboardRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// Called with the current step, from the working thread.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int, progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Ranks the latest run of every experiment by a metric that gates can compare by.
  /// - Parameter metric: nil for the metric of their gates.
  /// - Throws: `FindingsError` when there are no results at all.
  public func leaderboard(metric: String?, bootstrap: BootstrapOptions) throws -> Leaderboard {
    progress(StepProgress(.results))
    let found = RunFinder(project: project).latest()
    guard !found.runs.isEmpty || !found.findings.isEmpty else {
      throw FindingsError(.noResults(project.spec.results))
    }
    var findings = found.findings
    var groups: [Group] = []
    // Runs with a spec come first: a run with only metrics joins the question that has its rows.
    for run in found.runs.filter({ $0.run != nil }) + found.runs.filter({ $0.run == nil }) {
      do throws(FindingsError) {
        let question = try RunQuestion(run)
        if let index = groups.firstIndex(where: { $0.question.isSame(as: question) }) {
          groups[index].runs.append(run)
        } else {
          groups.append(Group(question: question, runs: [run]))
        }
      } catch {
        findings += error.findings
      }
    }
    groups.sort { $0.order < $1.order }
    let judging = try Judging(
      metric: metric, runs: groups.flatMap(\.runs), project: project.spec.gates)
    let metric = judging.metric
    let questions = try groups.map { group in
      let entries = Self.entries(group.runs, metric: metric)
      return Leaderboard.Question(
        heading: group.question.heading, rows: group.question.rows, entries: entries,
        optimism: try optimism(of: entries, metric: metric, bootstrap: bootstrap))
    }
    return Leaderboard(
      metric: metric, notes: judging.notes, questions: questions, findings: findings)
  }

  private struct Group {
    let question: RunQuestion
    var runs: [ComparedRun]

    var order: String { "\(question.heading) \(question.rows) \(question.text)" }
  }

  private static func entries(_ runs: [ComparedRun], metric: String) -> [Leaderboard.Entry] {
    let sign = MetricDirection(of: metric) == .lessIsBetter ? -1.0 : 1.0
    let all = runs.map { run in
      let metrics = SideMetrics(run.metrics)
      let value = metrics.values[metric]
      let reasons = RunDoubts(run).names + (value == nil ? ["no \(metric)"] : [])
      return Leaderboard.Entry(
        run: run, rank: nil, value: value, reasons: reasons, metrics: metrics)
    }.sorted { $0.run.name < $1.run.name }
    let ranked = all.filter(\.reasons.isEmpty).sorted { left, right in
      let values = (sign * (left.value ?? 0), sign * (right.value ?? 0))
      return values.0 == values.1 ? left.run.name < right.run.name : values.0 > values.1
    }
    return ranked.map { entry in
      // Equal values have equal ranks.
      let better = ranked.count { sign * ($0.value ?? 0) > sign * (entry.value ?? 0) }
      return Leaderboard.Entry(
        run: entry.run, rank: better + 1, value: entry.value, reasons: [],
        metrics: entry.metrics)
    } + all.filter { !$0.reasons.isEmpty }
  }

  /// The winner's selection bias among ranked runs whose predictions cover the same rows.
  private func optimism(
    of entries: [Leaderboard.Entry], metric: String, bootstrap: BootstrapOptions
  ) throws -> Leaderboard.Optimism? {
    let runs = entries.filter { $0.rank != nil }.compactMap { entry in
      entry.run.run.flatMap { $0.hasPredictions ? (name: entry.run.name, run: $0) : nil }
    }
    guard runs.count > 1, let first = runs.first else { return nil }
    progress(StepProgress(.resampling))
    let tables = try PredictionTables(threads: threads)
    for run in runs { try tables.add(run.run.predictions()) }
    let counts = try tables.counts(of: Array(runs.indices))
    guard counts.isSame else { return nil }
    let shared = try tables.shared(count: counts.shared)
    guard runs.indices.allSatisfy({ shared.differingLabels(of: $0) == 0 }) else { return nil }
    var settings = bootstrap
    settings.threads = threads
    return selectionOptimism(
      runs.indices.map(shared.rows), metric: metric,
      evaluation: EvaluationOptions(try first.run.spec().evaluation), bootstrap: settings
    ).map { Leaderboard.Optimism(names: runs.map(\.name), selection: $0) }
  }
}
