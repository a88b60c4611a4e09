extension Connection {
  /// Connects to a database through the ADBC driver of its kind.
  ///
  /// - Parameters:
  ///   - driver: `postgresql`, `sqlite` or another name of a driver, or the path of its library.
  ///   - uri: what the driver connects to.
  /// - Throws: `WarehouseError`, with code `libraryMissing` where there is no such driver.
  public convenience init(driver: String, uri: String) throws(WarehouseError) {
    let file = "libadbc_driver_\(driver).so"
    let path =
      driver.contains("/")
      ? driver : NativeLibrary.path(of: file, variable: "HOLDOUT_DRIVER", manifest: driver)
    guard let path else {
      throw WarehouseError(.libraryMissing, "looked for \(file) and \(driver).toml")
    }
    let loaded = try Driver(path: path, entryPoint: "AdbcDriverInit")
    try self.init(Database(driver: loaded, options: [("uri", uri)]))
  }
}
