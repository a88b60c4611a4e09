internal import Diagnostics
internal import Files
internal import Foundation
public import Runs
public import Spec

/// The alarms that someone has acknowledged: who, when, and why. They are lines of JSON in
/// `results/NAME/alarms.jsonl`, to which lines are only added.
///
/// An acknowledged alarm is known: its week raises no alarm again, and later weeks are not compared
/// with it. After an acknowledged alarm of the outcome, the detector starts again.
public struct AlarmLedger: Sendable {
  /// One acknowledged alarm.
  public struct Entry: Codable, Sendable {
    /// Such as `inputs:2025-03-06`.
    public let alarm: String
    /// When, in UTC, as `2025-03-07 06:00:00`.
    public let at: String
    public let by: String
    public let reason: String

    public init(alarm: AlarmName, at: String, by: String, reason: String) {
      self.alarm = alarm.description
      self.at = at
      self.by = by
      self.reason = reason
    }
  }

  /// Oldest first.
  public let entries: [Entry]

  private static let file = "alarms.jsonl"

  /// Reads the acknowledged alarms of a champion; none if there is no file.
  /// - Throws: `FindingsError` if the file cannot be read.
  public init(of name: String, project: Project) throws {
    let path = "\(project.resultsFolder(of: name))/\(Self.file)"
    guard Files.isFile(path) else {
      entries = []
      return
    }
    do {
      let lines = String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n")
      entries = try lines.map { line in
        try JSONDecoder().decode(Entry.self, from: Data(line.utf8))
      }
    } catch let error as FileError {
      throw FindingsError(.alarmFile(path, error.reason))
    } catch {
      throw FindingsError(.alarmFile(path, "a line is not an acknowledged alarm"))
    }
  }

  /// Adds an acknowledged alarm of a champion.
  /// - Throws: `FindingsError` if the file cannot be written.
  public static func append(_ entry: Entry, of name: String, project: Project) throws {
    let folder = project.resultsFolder(of: name)
    let line = try JSONDocument.record(entry) + Data("\n".utf8)
    do {
      try Files.makeFolder(folder)
      try Files.append({ _ in line }, to: "\(folder)/\(file)")
    } catch {
      throw FindingsError(.alarmFile("\(folder)/\(file)", error.reason))
    }
  }

  /// The days whose alarms of a layer are known.
  func days(_ layer: MonitorReport.Layer) -> Set<CalendarDate> {
    Set(entries.compactMap { AlarmName($0.alarm) }.filter { $0.layer == layer }.map(\.day))
  }
}

/// The name of an alarm: its layer and the day of its week, as `inputs:2025-03-06`.
public struct AlarmName: Sendable, Equatable, CustomStringConvertible {
  public let layer: MonitorReport.Layer
  public let day: CalendarDate

  public init(layer: MonitorReport.Layer, day: CalendarDate) {
    self.layer = layer
    self.day = day
  }

  /// Parses a name; nil if it is none.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let layer = MonitorReport.Layer(rawValue: parts[0]),
      let day = CalendarDate(parts[1])
    else { return nil }
    self.init(layer: layer, day: day)
  }

  public var description: String { "\(layer.rawValue):\(day)" }
}
