import Foundation
import Learning

/// The library that `scripts/setup` put into `.native/`; tests that need it are skipped without it.
enum LightGBMTestLibrary {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".native/lib/lib_lightgbm.so").path

  static let isPresent = FileManager.default.fileExists(atPath: path)

  private static let loaded = Result { () throws(LearningError) in
    try LightGBMLibrary(path: path)
  }

  static func load() throws -> LightGBMLibrary { try loaded.get() }
}
