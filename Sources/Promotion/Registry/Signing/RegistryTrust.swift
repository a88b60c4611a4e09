internal import Diagnostics
internal import Experiment
internal import Files
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
      guard let text = try? Files.read(path, limit: KeyText.maximumBytes) else {
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
    if let signature = line.signature, !signature.isValid(for: line.recordBytes) {
      return "its signature is not of this record"
    }
    return objection(to: line.signature?.key, line.record.sequence)
  }

  /// Why a record signed with a key, or not at all, is not to be trusted; nil where it is.
  func objection(to key: String?, _ sequence: Int) -> String? {
    guard let key else {
      return keys.isEmpty || sequence < signedFrom ? nil : "it is not signed"
    }
    return keys.isEmpty || keys.contains(key)
      ? nil : "it is signed with key \(key.prefix(12))..., which the project does not trust"
  }
}
