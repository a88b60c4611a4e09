/// A model in LightGBM's text format, validated far enough for LightGBM to read and use it safely.
///
/// LightGBM's own reader trusts its input: a truncated or modified text can make it read past its
/// arrays.
struct ModelText {
  let featureNames: [String]
  /// The factor from a margin to the learner's log odds: LightGBM's `sigmoid`, divided by the
  /// number of trees if the model is a forest that uses their mean instead of their sum.
  let logOddsPerMargin: Double
  /// The trees in the order in which they were trained.
  let trees: [DecisionTree]

  /// Checks the header, the position and length of each tree, and every index in the trees.
  ///
  /// - Throws: `invalidModel` with the defect.
  init(_ text: String) throws(LearningError) {
    let bytes = Array(text.utf8)
    guard !bytes.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\r") }) else {
      throw Self.invalid("it contains a zero byte or a carriage return")
    }
    let (header, headerEnd) = Self.fields(bytes, from: 0)
    guard bytes.starts(with: "tree\n".utf8), header["version"] == "v4" else {
      throw Self.invalid("it does not start as LightGBM 4 writes one")
    }
    guard header["num_class"] == "1", header["num_tree_per_iteration"] == "1",
      header["objective"]?.hasPrefix("binary") == true
    else {
      throw Self.invalid("it was not trained on a binary label")
    }
    let names = Self.words(header["feature_names"])
    let infos = Self.words(header["feature_infos"])
    guard !names.isEmpty, infos.count == names.count,
      header["max_feature_idx"].map(String.init) == String(names.count - 1)
    else {
      throw Self.invalid("its list of features is damaged")
    }
    var trees: [DecisionTree] = []
    var start = headerEnd
    for (index, word) in Self.words(header["tree_sizes"]).enumerated() {
      guard let size = Int(word), size > 0, size <= bytes.count - start,
        bytes[start...].starts(with: "Tree=\(index)\n".utf8)
      else {
        throw Self.invalid("tree \(index) is not where its header says")
      }
      let (tree, end) = Self.fields(bytes, from: start + "Tree=\(index)\n".utf8.count)
      guard end == start + size else {
        throw Self.invalid("tree \(index) is not as long as its header says")
      }
      let checked = ModelTree(tree, number: index)
      try checked.check(featureCount: names.count)
      trees.append(try checked.read())
      start += size
    }
    guard bytes[start...].starts(with: "end of trees\n".utf8),
      text.contains("\nend of parameters\n")
    else {
      throw Self.invalid("it is cut off, or a tree is missing")
    }
    featureNames = names
    let isMean = header["average_output"] != nil
    logOddsPerMargin =
      try Self.sigmoid(header["objective"]) / Double(isMean ? max(trees.count, 1) : 1)
    self.trees = trees
  }

  /// Parses the slope of the logistic function from `binary sigmoid:0.5`; 1 by default.
  private static func sigmoid(_ objective: Substring?) throws(LearningError) -> Double {
    guard let word = words(objective).first(where: { $0.hasPrefix("sigmoid:") }) else { return 1 }
    guard let value = Double(word.dropFirst("sigmoid:".count)), value.isFinite, value > 0 else {
      throw invalid("its `sigmoid` is not a number above 0")
    }
    return value
  }

  static func invalid(_ reason: String) -> LearningError {
    LearningError(.invalidModel, "the model text cannot be used: \(reason)")
  }

  private static func words(_ value: Substring?) -> [String] {
    value?.split(separator: " ").map(String.init) ?? []
  }

  /// Returns the `name=value` lines from an offset to the next empty line, and where the following
  /// lines start. A line without `=` becomes a name with an empty value.
  private static func fields(
    _ bytes: [UInt8], from start: Int
  ) -> (fields: [String: Substring], end: Int) {
    var fields: [String: Substring] = [:]
    var lineStart = start
    while lineStart < bytes.count {
      let lineEnd = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if lineEnd == lineStart { break }
      let line = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self)
      if let equals = line.firstIndex(of: "=") {
        fields[String(line[..<equals])] = line[line.index(after: equals)...]
      } else {
        fields[line] = ""
      }
      lineStart = lineEnd + 1
    }
    while lineStart < bytes.count, bytes[lineStart] == UInt8(ascii: "\n") { lineStart += 1 }
    return (fields, lineStart)
  }

  /// Returns the text without the only part that depends on the machine: the training thread count.
  static func normalized(_ text: String) -> String {
    let name = "[num_threads: "
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(name) ? name + "0]" : String($0) }.joined(separator: "\n")
  }
}
