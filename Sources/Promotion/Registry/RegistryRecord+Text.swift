internal import Diagnostics

extension RegistryRecord {
  /// What was done, for people; ends with a newline.
  public var text: String {
    let word = action == .promote ? "promoted" : "rolled back"
    var lines = ["\(name): \(word) to run \(runId)"]
    func add(_ head: String, _ text: String?) {
      guard let text else { return }
      lines.append("  \(head)" + String(repeating: " ", count: 10 - head.count) + text)
    }
    add("record", "\(sequence), \(at), by \(by)")
    add("replaces", replaces.map { "run \($0)" })
    add("gates", gate.map { "\(verdict), \($0.checks.count) checks" })
    add("why", why.isEmpty ? nil : why)
    for line in accepted ?? [] { add("accepts", line) }
    add("files", "\(ModelFolder.parent)/\(name)/")
    return lines.map(TerminalText.escaped).joined(separator: "\n") + "\n"
  }
}
