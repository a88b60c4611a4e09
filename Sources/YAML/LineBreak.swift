/// The line breaks that libyaml knows: LF, CR, CR LF, NEL, LS and PS.
enum LineBreak {
  /// The number of bytes of the line break at an offset; 0 where there is none.
  static func length(in bytes: [UInt8], at offset: Int) -> Int {
    func byte(_ distance: Int) -> UInt8 {
      offset + distance < bytes.count ? bytes[offset + distance] : 0
    }
    switch byte(0) {
    case UInt8(ascii: "\n"): return 1
    case UInt8(ascii: "\r"): return byte(1) == UInt8(ascii: "\n") ? 2 : 1
    case 0xC2: return byte(1) == 0x85 ? 2 : 0
    case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
    default: return 0
    }
  }

  /// What a line break of so many bytes becomes in a scalar: LS and PS stay, the others are LF.
  static func content(in bytes: [UInt8], at offset: Int, length: Int) -> [UInt8] {
    length == 3 ? Array(bytes[offset..<offset + 3]) : [UInt8(ascii: "\n")]
  }
}
