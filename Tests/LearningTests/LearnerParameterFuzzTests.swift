import Columns
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Randomness
import Testing

/// Random values of every parameter that holds a list, with other parameters beside them: each is
/// refused before LightGBM sees it, or trained with.
///
/// `scripts/fuzz-parameters` has those that pass trained with under valgrind, with many more texts: Swift's
/// own runtime does not run there.
@Suite struct LearnerParameterFuzzTests {
  private let library: LightGBMLibrary
  private let golden: LightGBMGolden
  private let blocks: [FeatureBlock]
  private let labels: [Float]

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
    blocks = golden.firstRows(160)
    labels = Array(golden.labels.prefix(160))
  }

  private static func number(_ name: String, or standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
  }

  private struct Texts {
    var random: Xoshiro256StarStar

    static let lists = [
      "monotone_constraints", "max_bin_by_feature", "feature_contri", "cegb_penalty_feature_lazy",
      "cegb_penalty_feature_coupled", "interaction_constraints", "label_gain", "eval_at",
      "auc_mu_weights",
    ]
    /// What reads the lists: other ways of growing and sampling.
    static let company = [
      ("monotone_constraints_method", "intermediate"), ("monotone_constraints_method", "advanced"),
      ("monotone_penalty", "2"), ("boosting", "dart"), ("boosting", "goss"),
      ("feature_fraction", "0.5"), ("feature_fraction_bynode", "0.5"), ("extra_trees", "true"),
      ("subsample_freq", "1"), ("bagging_fraction", "0.5"), ("path_smooth", "1"),
      ("max_depth", "3"),
      ("max_bin", "4"), ("use_missing", "false"), ("zero_as_missing", "true"),
      ("enable_bundle", "false"), ("cegb_tradeoff", "3"), ("max_cat_to_onehot", "1"),
      ("min_gain_to_split", "0.1"), ("histogram_pool_size", "0.001"),
    ]
    static let odd = [
      "", "-1", "-0", "6", "7", "255", "256", "65536", "2147483647", "2147483648", "-2147483649",
      "4294967296", "99999999999999999999", "1e9", "1e-300", "1e308", "1e999", "nan", "-inf", "NaN",
      "0x10", "1.5", ".", "-", "+", "+1", "1,", "[", "]", "[]", "][", "[0]", "[[0]]", "true", "é",
      "١", "\u{200B}", "\"1\"", "'1'", "#", "1;2", "1|2", "\\n", "%n%s",
    ]

    mutating func item(of name: String) -> String {
      if random.chance(6) { return random.pick(Self.odd) }
      switch name {
      case "monotone_constraints": return random.pick(["0", "0", "0", "1", "-1"])
      case "max_bin_by_feature": return random.pick(["2", "3", "15", "255", "1", "300"])
      case "interaction_constraints", "eval_at": return "\(Int.random(in: 0...6, using: &random))"
      default: return random.pick(["0", "1", "0.5", "-1", "1e-3", "100", "1e30"])
      }
    }

    mutating func text(of name: String) -> String {
      let count = random.chance(80) ? 6 : Int.random(in: 0...12, using: &random)
      var items = (0..<count).map { _ in item(of: name) }
      if name == "monotone_constraints", random.chance(80) {
        // The third and fourth hold categories.
        for index in items.indices where index == 2 || index == 3 { items[index] = "0" }
      }
      var text = items.joined(separator: ",")
      if name == "interaction_constraints" {
        text = "[" + items.joined(separator: random.chance(50) ? "," : "],[") + "]"
      }
      if random.chance(10) {
        var characters = Array(text)
        let place = Int.random(in: 0...characters.count, using: &random)
        characters.insert(contentsOf: Array(random.pick(Self.odd)), at: place)
        if random.chance(50), !characters.isEmpty { characters.removeLast() }
        text = String(characters)
      }
      return text
    }

    mutating func parameters(_ library: LightGBMLibrary) -> [Parameter] {
      var parameters: [Parameter] = []
      for _ in 0..<(random.chance(70) ? 1 : 2) {
        let name = random.pick(Self.lists)
        parameters.append(
          Parameter(random.pick([name] + (library.parameterAliases[name] ?? [])), text(of: name)))
      }
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let (name, value) = random.pick(Self.company)
        parameters.append(Parameter(name, value))
      }
      return parameters
    }
  }

  @Test("Every text of a list is refused with a reason, or trained with")
  func lists() throws {
    let count = Self.number("HOLDOUT_FUZZ_TEXTS", or: 1_500)
    let seed = Self.number("HOLDOUT_FUZZ_SEED", or: 1)
    let categories = Set(golden.encodings.indices.filter { golden.encodings[$0].isCategory })
    let features = FeatureShape(names: golden.names, categories: categories)
    var texts = Texts(random: Xoshiro256StarStar(seed: UInt64(seed)))
    var (refused, trained, failed) = (0, 0, 0)
    let out = ProcessInfo.processInfo.environment["HOLDOUT_FUZZ_OUT"]
    var accepted = ""
    defer { if let out { try? Data(accepted.utf8).write(to: URL(filePath: out)) } }
    for _ in 0..<count {
      let configuration = LearnerConfiguration(
        parameters: texts.parameters(library) + [Parameter("min_data_in_leaf", "3")], iterations: 3)
      if configuration.problems(with: library, features: features).contains(where: \.isFatal) {
        refused += 1
        continue
      }
      if out != nil {
        accepted += try configuration.canonicalText(with: library) + "\n"
        trained += 1
        continue
      }
      do throws(LearningError) {
        let dataset = try Dataset(
          library: library, blocks: blocks, names: golden.names, encodings: golden.encodings,
          labels: labels, configuration: configuration, threads: 1)
        let booster = try Booster.train(on: dataset, configuration: configuration, threads: 1)
        let margins = try booster.predictMargins(
          blocks: blocks, encodings: golden.encodings, threads: 1)
        #expect(margins.allSatisfy { $0.isFinite }, "\(configuration.parameters)")
        trained += 1
      } catch {
        // LightGBM's own refusal, in words.
        #expect(error.code == .callFailed && !error.message.isEmpty, "\(error)")
        failed += 1
      }
    }
    print(
      "fuzz: seed \(seed), \(count) texts, \(refused) refused, \(trained) trained, "
        + "\(failed) refused by LightGBM")
    #expect(refused > count / 5 && trained > count / 5)
  }
}
