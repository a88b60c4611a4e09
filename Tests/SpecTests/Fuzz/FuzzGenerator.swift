import HoldoutTestSupport
import Randomness
import YAML

/// Makes inputs: the same seed and number always give the same one.
///
/// A good spec is taken, spread over files, and changed in what it says, in its words and in its
/// bytes. Most inputs are changed at few of these levels, so that many still come as far as
/// decoding.
struct FuzzGenerator {
  let seeds: FuzzSeeds
  let seed: UInt64

  /// The input of a number.
  func input(_ number: Int) -> FuzzInput {
    var random = FuzzRandom(seed: seed, number: number)
    if random.chance(4) { return project(number, &random) }
    // The repository's own specs are larger, and so are tried less often.
    let smallest = Array(seeds.specs.prefix(2))
    let pool = random.chance(40) ? smallest : seeds.specs
    var input = FuzzInput(
      seed: seed, number: number, files: random.element(of: pool) ?? [FuzzFile("spec.yaml", "")])
    if random.chance(10) {
      input.files[0].text += "\n" + (random.element(of: seeds.fragments) ?? "")
    }
    if random.chance(55) { changeTrees(&input, &random) }
    if random.chance(20), input.files.count == 1 { split(&input, &random) }
    if random.chance(12) { FuzzComposition.tangle(&input, &random) }
    if random.chance(25) { addOverrides(&input, &random) }
    if random.chance(35) { changeTexts(&input, &random) }
    if random.chance(12) { changeBytes(&input, &random) }
    if random.chance(2) { FuzzAmplifier.amplify(&input, &random) }
    if random.chance(4) {
      ByteMutation.recode(&input.files[random.below(input.files.count)].bytes, &random)
    }
    return input
  }

  private func project(_ number: Int, _ random: inout FuzzRandom) -> FuzzInput {
    let text = random.element(of: seeds.projects) ?? ""
    var input = FuzzInput(
      seed: seed, number: number, kind: .project, files: [FuzzFile("holdout.yaml", text)])
    if random.chance(60) { changeTrees(&input, &random) }
    if random.chance(40) { changeTexts(&input, &random) }
    if random.chance(20) { changeBytes(&input, &random) }
    return input
  }

  private func changeTrees(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
    let index = random.below(input.files.count)
    guard var tree = FuzzSeeds.tree(input.files[index].text) else { return }
    let mutation = TreeMutation(seeds: seeds)
    for _ in 0..<random.size(upTo: 4) { tree = mutation.mutate(tree, &random) }
    // Grafts upon grafts could grow without end.
    guard tree.nodeCount < 5_000 else { return }
    input.files[index].text = random.chance(85) ? YAMLWriter.write(tree) : tree.flowText + "\n"
  }

  private func split(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
    guard let tree = FuzzSeeds.tree(input.files[0].text) else { return }
    let (spec, base) = FuzzComposition.split(tree, &random)
    input.files = [
      FuzzFile("spec.yaml", "extends: base.yaml\n" + YAMLWriter.write(spec)),
      FuzzFile("base.yaml", YAMLWriter.write(base)),
    ]
  }

  private func addOverrides(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
    let file = input.files[random.below(input.files.count)]
    let tree = FuzzSeeds.tree(file.text)
    for _ in 0..<random.size(upTo: 4) {
      input.overrides.append(FuzzComposition.override(of: tree, &random))
    }
  }

  private func changeTexts(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
    for _ in 0..<random.size(upTo: 4) {
      TextMutation.mutate(&input.files[random.below(input.files.count)], &random)
    }
  }

  private func changeBytes(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
    for _ in 0..<random.size(upTo: 4) {
      ByteMutation.mutate(&input.files[random.below(input.files.count)].bytes, &random)
    }
  }
}
