public import Diagnostics

/// Whose signatures the registry of promotions needs.
public struct RegistrySpec: Sendable {
  /// Files of Ed25519 public keys, relative to the project folder; empty where none are needed.
  public var publicKeys: [Located<String>]
  /// The number of the first record that has to be signed.
  public var signedFrom: Int

  public init(publicKeys: [Located<String>] = [], signedFrom: Int = 1) {
    self.publicKeys = publicKeys
    self.signedFrom = signedFrom
  }
}
