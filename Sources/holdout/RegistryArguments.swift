import ArgumentParser
import Diagnostics
import Foundation
import Promotion
import Reports
internal import Runs

/// The user who changes the registry, and the reason.
struct RegistryArguments: ParsableArguments {
  @Option(help: "The person who does it. Default: git's user.email, or user@host.")
  var by: String?
  @Option(
    help: ArgumentHelp(
      "File of an Ed25519 private key to sign the record with.",
      discussion: "Without it, the key in HOLDOUT_SIGNING_KEY; without that, nothing is signed.",
      valueName: "file"),
    completion: .file())
  var key: String?

  @Option(help: "Seconds to wait while another process changes the registry.")
  var wait: Double = 60

  func validate() throws {
    try Self.check(by, "--by")
    guard (0...86_400).contains(wait) else {
      throw ValidationError("--wait takes a number of seconds from 0 to 86400")
    }
  }

  /// Refuses a blank text.
  static func check(_ text: String?, _ option: String) throws {
    if let text, text.allSatisfy(\.isWhitespace) {
      throw ValidationError("\(option) takes some words")
    }
  }

  func registry(_ project: Project) -> Registry {
    var registry = Registry(project: project)
    registry.lockTimeout = wait
    return registry
  }

  func entry(_ project: Project, reason: String?) throws -> RegistryEntry {
    RegistryEntry(
      by: by ?? GitState.user(folder: project.folder), reason: reason,
      git: GitState.of(folder: project.folder), key: try signingKey())
  }

  private func signingKey() throws -> SigningKey? {
    if let key { return try SigningKey(file: key) }
    let variable = "HOLDOUT_SIGNING_KEY"
    guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
      return nil
    }
    return try SigningKey(Data(text.utf8), origin: variable)
  }
}

extension Terminal {
  /// Prints the outcome of a change to the registry.
  static func show(_ outcome: RegistryOutcome, name: String, _ project: Project) {
    switch outcome.result {
    case .recorded(let record): print(Page(record, models: project.models))
    case .isChampion(let runId): print("\(name): run \(runId) is already the champion")
    case .championChanged: break
    }
  }
}
