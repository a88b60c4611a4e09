internal import Diagnostics
internal import Experiment
internal import Foundation
internal import Spec

/// Whose signatures a project takes.
struct RegistryTrust: Sendable {
  /// The public keys, 64 digits each; empty where records need no signature.
  let keys: Set<String>
  /// The number of the first record that has to be signed.
  let signedFrom: Int

  /// Reads the key files that a project names.
  /// - Throws: `FindingsError`.
  init(_ project: Project) throws(FindingsError) {
    var keys: Set<String> = []
    for file in project.spec.registry.publicKeys {
      let path = file.value.hasPrefix("/") ? file.value : "\(project.folder)/\(file.value)"
      guard let text = FileManager.default.contents(atPath: path) else {
        throw FindingsError(.unreadableKey(file.value, .open, at: file.span))
      }
      guard let bytes = KeyText.bytes(text, .open) else {
        throw FindingsError(.unusableKey("`\(file.value)`", .open, at: file.span))
      }
      keys.insert(bytes.hexadecimal)
    }
    self.keys = keys
    signedFrom = project.spec.registry.signedFrom
  }

  /// Why a line is not to be trusted; nil where it is.
  func objection(to line: RegistryLine) -> String? {
    guard let signature = line.signature else {
      return needsSignature(line.record.sequence) ? "it is not signed" : nil
    }
    guard signature.isValid(for: line.recordBytes) else {
      return "its signature is not of this record"
    }
    return keys.isEmpty || keys.contains(signature.key)
      ? nil
      : "it is signed with key \(signature.key.prefix(12))..., which the project does not trust"
  }

  /// Whether the record of a number has to be signed.
  func needsSignature(_ sequence: Int) -> Bool { !keys.isEmpty && sequence >= signedFrom }
}
