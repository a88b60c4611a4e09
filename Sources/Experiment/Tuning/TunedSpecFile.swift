public import Diagnostics
internal import Files
internal import Foundation
public import Runs
public import Spec

/// The file that a search writes its choice to: `NAME_tuned.yaml`, beside the spec.
///
/// A copy stays in the search's folder. Only a file that equals the copy of an earlier search is
/// replaced: anything else was edited, or is somebody's own spec.
public struct TunedSpecFile: Sendable {
  public let path: String
  /// The name of the tuned experiment.
  public let name: String
  private let searches: String

  /// - Parameter path: the path of the spec that is tuned.
  public init(of spec: ExperimentSpec, at path: String, in project: Project) {
    name = "\(spec.name.value)_tuned"
    let folder = (path as NSString).deletingLastPathComponent
    self.path = (folder.isEmpty ? "" : "\(folder)/") + "\(name).yaml"
    searches = "\(project.resultsFolder(of: spec.name.value))/tune"
  }

  /// Refuses a file that must not be replaced, before any work is done.
  /// - Throws: `FindingsError`.
  public func check(force: Bool) throws(FindingsError) {
    guard let kind = FileKind(at: path) else { return }
    guard kind == .file, force || isOwn else {
      throw FindingsError(.tunedSpecExists(path))
    }
  }

  /// Whether an earlier search wrote the file, and nothing has changed it.
  private var isOwn: Bool {
    guard let text = try? Files.read(path, followsLinks: false) else { return false }
    let folders = (try? Files.names(in: searches)) ?? []
    return folders.contains {
      (try? Files.read("\(searches)/\($0)/\(Self.copy)", followsLinks: false)) == text
    }
  }

  private static let copy = "tuned.yaml"

  /// Writes the spec, and its copy.
  /// - Throws: `FindingsError`.
  public func write(_ text: String, of report: TuneReport, force: Bool) throws(FindingsError) {
    try check(force: force)
    do throws(FileError) {
      try Files.write(Data(text.utf8), to: "\(report.folder)/\(Self.copy)", onlyIfChanged: true)
      try Files.write(Data(text.utf8), to: path, onlyIfChanged: true)
    } catch {
      throw FindingsError(.unwritable(path, error.reason))
    }
  }
}
