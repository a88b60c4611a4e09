public import Diagnostics
public import Learning
public import Warehouse

/// Opens the libraries that a run works with.
public enum NativeLibraries {
  /// - Throws: `FindingsError` when the engine cannot be loaded.
  public static func engine(threads: Int) throws(FindingsError) -> Engine {
    do throws(WarehouseError) {
      return try Engine(Engine.Settings(threads: threads))
    } catch {
      throw FindingsError(.missingLibrary("DuckDB (libduckdb.so)", error.message))
    }
  }

  /// - Throws: `FindingsError` when the learner cannot be loaded.
  public static func learner() throws(FindingsError) -> LightGBMLibrary {
    let file = "lib_lightgbm.so"
    let library = NativeLibrary(file, variables: ["HOLDOUT_LIGHTGBM"])
    guard let path = library.path else {
      throw FindingsError(
        .missingLibrary("LightGBM (\(file))", library.looked.joined(separator: "\n")))
    }
    do throws(LearningError) {
      return try LightGBMLibrary(path: path)
    } catch {
      throw FindingsError(.missingLibrary("LightGBM (\(file))", error.message))
    }
  }
}
