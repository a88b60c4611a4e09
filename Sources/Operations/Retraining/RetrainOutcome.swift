public import Promotion

/// What became of a retrained model.
public enum RetrainOutcome: Sendable {
  /// It went into production, or another process had put it there just before.
  case promoted(RegistryOutcome)
  /// It stays a run like others: by policy, or as its gates do not let it pass.
  case challenger(GateReport, byPolicy: Bool)
}
