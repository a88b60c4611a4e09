extension Connection {
  /// Connects to a database through the ADBC driver of its kind.
  ///
  /// The driver is looked for by its name, as `NativeLibrary` says; HOLDOUT_DRIVER_NAME, in capitals,
  /// or HOLDOUT_DRIVER names another file.
  /// - Parameters:
  ///   - driver: `postgresql`, `sqlite` or another name of a driver.
  ///   - uri: what the driver connects to.
  /// - Throws: `WarehouseError`, with code `libraryMissing` where there is no such driver.
  public convenience init(driver: String, uri: String) throws(WarehouseError) {
    guard Self.isDriverName(driver) else {
      throw WarehouseError(.libraryMissing, "`\(driver)` is not the name of a driver")
    }
    let library = NativeLibrary(
      "libadbc_driver_\(driver).so",
      variables: [Self.driverVariable(driver), "HOLDOUT_DRIVER"], manifest: driver)
    guard let path = library.path else {
      throw WarehouseError(.libraryMissing, library.looked.joined(separator: "\n"))
    }
    let loaded = try Driver(path: path, entryPoint: "AdbcDriverInit")
    try self.init(Database(driver: loaded, options: [("uri", uri)]))
  }

  /// The environment variable that names a driver's file.
  private static func driverVariable(_ driver: String) -> String {
    "HOLDOUT_DRIVER_" + driver.uppercased().replacing("-", with: "_").replacing(".", with: "_")
  }

  /// Whether a text is a name, which leads into no folder.
  private static func isDriverName(_ text: String) -> Bool {
    !text.isEmpty && text.first != "."
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
