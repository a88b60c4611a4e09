import Foundation
import HoldoutTestSupport
import Testing

/// Text of specs, data, and file names in the output of commands: shown, never obeyed.
@Suite struct OutputTextTests {
  /// What GitHub's runner would obey, and what would steer a terminal.
  private static func check(_ result: ProgramResult, _ what: String) {
    let printed = result.output + "\n" + result.errors
    for line in printed.split(whereSeparator: \.isNewline) {
      let start = line.drop(while: \.isWhitespace)
      let isOwn = ["::error ", "::warning ", "::notice "].contains(where: start.hasPrefix)
      #expect(isOwn || !start.hasPrefix("::"), "\(what): \(line)")
      // In a command of its own GitHub looks for no other.
      #expect(isOwn || !line.contains(#/##[a-z]*\[/#), "\(what): \(line)")
    }
    #expect(!printed.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\r" })
  }

  private static let evil =
    #"x\n::add-mask::EVIL\n  ::error::EVIL\r\n::warning::EVIL ##[add-mask]E \e[31mred <img src=x> @team"#

  @Test func `descriptions, reasons, and names begin no line of any command`() throws {
    let project = try TestProject()
    try project.writeSpec([
      "description: Which prospects buy a first licence within three months?":
        "description: \"\(Self.evil)\"\nlook_ahead: {allow: [customers.status], because: \"\(Self.evil)\"}",
      "- size: {value: customers.size}":
        "- size: {value: customers.size}\n    - today: {sql: \"customers.status = 'x'\", type: flag}",
      "{category: customers.channel, missing: none}":
        "{sql: \"'::error::' || chr(10) || '::add-mask::EVIL' || chr(27) || customers.channel\", type: category}",
    ])
    for command in [
      ["check", "shop.yaml"], ["check", "shop.yaml", "--format", "github"],
      ["check", "shop.yaml", "--format", "json"], ["plan", "shop.yaml"], ["render", "shop.yaml"],
      ["render", "shop.yaml", "--origins"], ["run", "shop.yaml", "--threads", "1"],
      ["why", "shop.yaml"], ["compare", "shop", "shop", "--format", "markdown"],
      ["leaderboard", "--format", "markdown"], ["leaderboard"],
      ["gate", "shop.yaml"], ["gate", "shop.yaml", "--format", "markdown"],
      ["gate", "shop.yaml", "--format", "json"], ["gate", "shop.yaml", "--format", "github"],
      ["export", "mlflow", "shop", "--dry-run"], ["explain", "H231\n::error::x"],
      ["promote", "shop", "--reason", "x\n::error::EVIL"], ["run", "a\n::error::EVIL.yaml"],
    ] {
      let result = try Program.run(command, in: project.folder)
      Self.check(result, command.joined(separator: " "))
      if command[0] == "run", command[1] == "shop.yaml" {
        #expect(result.end == .exit(0), "\(result)")
        #expect(result.output.contains("look-ahead"), "\(result)")
      }
    }
    // What `render` prints is still the spec.
    let rendered = try project.holdout("render", "shop.yaml").output
    try project.write("again.yaml", rendered)
    #expect(try project.holdout("render", "again.yaml").output == rendered)
    // Reports are pages that people open.
    let report = try project.text("results/shop/runs/\(try project.runId())/report.md")
    for piece in ["<img", "\n::", "@team", "\u{1B}"] {
      #expect(!report.contains(piece), "\(piece)")
    }
    let html = try project.text("results/shop/runs/\(try project.runId())/report.html")
    for piece in ["<img", "\u{1B}"] { #expect(!html.contains(piece), "\(piece)") }
    let gate = try project.holdout("gate", "shop.yaml", "--markdown", "gate.md")
    #expect(gate.end == .exit(1), "\(gate)")
    let page = try project.text("gate.md")
    for piece in ["<img", "\n::", "@team", "\u{1B}"] { #expect(!page.contains(piece), "\(piece)") }
  }

  @Test func `names of files begin no line either`() throws {
    let project = try TestProject()
    let name = "a\n::error::EVIL\n ##[add-mask]x\u{1B}[31m.yaml"
    try project.write(name, "extends: [\n")
    for format in ["text", "json", "github"] {
      let result = try project.holdout("check", "--offline", name, "--format", format)
      #expect(result.end == .exit(2), "\(result)")
      Self.check(result, format)
    }
    try project.write(name, Shop.spec)
    for command in [["check", "--offline", name], ["render", name, "--origins"], ["plan", name]] {
      let result = try Program.run(command, in: project.folder)
      #expect(result.end == .exit(0), "\(result)")
      Self.check(result, command[0])
    }
  }
}
