extension Int {
  /// The number with commas between thousands: `1,234,567`.
  public var grouped: String {
    let digits = Array(String(magnitude))
    let groups = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
    }
    return (self < 0 ? "-" : "") + groups.joined()
  }
}
