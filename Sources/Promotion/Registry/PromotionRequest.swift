public import Experiment

/// A run that is to go into production, and what speaks for it.
public struct PromotionRequest: Sendable {
  public let run: StoredRun
  public let artifact: ModelArtifact
  /// What it is to stand for.
  public let name: String
  /// What the gates said.
  public let gate: RegistryRecord.Gate
  /// The run that was champion when they said it.
  public let champion: String?
  /// Why it goes into production although they did not pass.
  public let override: String?

  public init(
    run: StoredRun, artifact: ModelArtifact, name: String, gate: RegistryRecord.Gate,
    champion: String?, override: String?
  ) {
    self.run = run
    self.artifact = artifact
    self.name = name
    self.gate = gate
    self.champion = champion
    self.override = override
  }
}
