import Evaluation
import Foundation
import Randomness

/// Accounts of a list, of which a random share is left alone, with the wins that the work causes.
///
/// An account wins without the work if a uniform number is below its probability, and with the work
/// if the same number is below that probability times 1 + `increase`. So what the work caused is
/// known.
struct HoldBackWorld: Sendable {
  var accounts = 1_000
  /// The share of the clusters that are held back.
  var share = 0.05
  /// The mean win rate without the work, about.
  var base = 0.05
  /// The standard deviation of the logits of the scores.
  var spread = 0.8
  /// By how much the work multiplies the probability of a win, less 1.
  var increase = 0.5
  /// The greatest number of accounts of a cluster.
  var clusterSize = 1
  /// Whether the scores know anything about the accounts.
  var hasSkill = true
  /// By what all scores are too high.
  var bias = 1.0

  /// One draw of the arms and the wins.
  struct Sample {
    var scores: [Double] = []
    var wins: [UInt8] = []
    var isHeldBack: [Bool] = []
    var clusters: [Int32] = []
    /// The wins of the selected accounts that would not have happened without the work.
    var caused = 0

    var comparison: HoldBackComparison {
      HoldBackComparison(scores: scores, wins: wins, isHeldBack: isHeldBack, clusters: clusters)
    }

    /// The comparison of someone who does not know the clusters.
    var naive: HoldBackComparison {
      HoldBackComparison(
        scores: scores, wins: wins, isHeldBack: isHeldBack, clusters: Array(0..<Int32(wins.count)))
    }
  }

  func sample(seed: UInt64) -> Sample {
    var draw = Xoshiro256StarStar(seed: seed)
    var sample = Sample()
    let middle = log(base / (1 - base))
    var cluster: Int32 = 0
    while sample.wins.count < accounts {
      let isHeldBack = draw.fraction() < share
      let size = min(
        1 + Int(draw.fraction() * Double(clusterSize)), accounts - sample.wins.count)
      // Half of the accounts of a cluster win together, and all of them are alike.
      let (common, alike) = (draw.fraction(), clusterSize > 1 ? draw.deviate() : 0)
      for _ in 0..<size {
        let logit = middle + spread * draw.deviate()
        let alone = 1 / (1 + exp(-(hasSkill ? logit : middle) - alike))
        let isCommon = draw.fraction() < 0.5 && clusterSize > 1
        let uniform = isCommon ? common : draw.fraction()
        let (before, after) = (uniform < alone, uniform < alone * (1 + increase))
        let isWin = isHeldBack ? before : after
        sample.scores.append(min(1, bias / (1 + exp(-logit))))
        sample.wins.append(isWin ? 1 : 0)
        sample.isHeldBack.append(isHeldBack)
        sample.clusters.append(cluster)
        if !isHeldBack { sample.caused += (after ? 1 : 0) - (before ? 1 : 0) }
      }
      cluster += 1
    }
    return sample
  }

  /// How often intervals contain the wins that the work caused.
  struct Coverage {
    var covered = 0
    /// The intervals that are below the truth, and above it.
    var (below, above) = (0, 0)
    /// The sum of the widths, and of the errors of the estimates.
    var (width, error) = (0.0, 0.0)

    mutating func add(_ estimate: HoldBackComparison.Estimate, _ caused: Int) {
      if estimate.upper < Double(caused) {
        below += 1
      } else if estimate.lower > Double(caused) {
        above += 1
      } else {
        covered += 1
      }
      width += estimate.upper - estimate.lower
      error += estimate.caused - Double(caused)
    }
  }

  /// Draws samples and compares their arms: in proportion to expected wins, to accounts, and without
  /// knowing the clusters.
  func coverage(
    simulations: Int, seed: UInt64
  ) -> (byExpected: Coverage, byAccount: Coverage, naive: Coverage) {
    var (byExpected, byAccount, naive) = (Coverage(), Coverage(), Coverage())
    for simulation in 0..<simulations {
      let sample = sample(seed: SplitMix64.mixed(seed &+ UInt64(simulation)))
      let comparison = sample.comparison
      guard let own = comparison.byExpected, let raw = comparison.byAccount else { continue }
      byExpected.add(own, sample.caused)
      byAccount.add(raw, sample.caused)
      if clusterSize > 1, let own = sample.naive.byExpected { naive.add(own, sample.caused) }
    }
    return (byExpected, byAccount, naive)
  }

  /// The worlds in which the coverage is measured.
  static let worlds: [(name: String, world: HoldBackWorld)] = [
    ("few wins, no effect", HoldBackWorld(accounts: 400, increase: 0)),
    ("few wins, doubled", HoldBackWorld(accounts: 400, increase: 1)),
    ("a thousand accounts", HoldBackWorld()),
    ("many wins", HoldBackWorld(share: 0.1, base: 0.2, increase: 0.3)),
    ("useless scores", HoldBackWorld(share: 0.1, base: 0.2, increase: 0.3, hasSkill: false)),
    ("scores twice too high", HoldBackWorld(share: 0.1, bias: 2)),
    ("rare wins", HoldBackWorld(accounts: 2_000, share: 0.1, base: 0.01, increase: 1)),
    ("families", HoldBackWorld(accounts: 1_200, share: 0.1, clusterSize: 5)),
  ]
}

extension Xoshiro256StarStar {
  /// A number from 0 to below 1. `Double.random` takes most of the time of a simulation.
  fileprivate mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number (Box and Muller, 1958).
  fileprivate mutating func deviate() -> Double {
    let (radius, angle) = (fraction(), fraction())
    return (-2 * log(1 - radius)).squareRoot() * cos(2 * .pi * angle)
  }
}
