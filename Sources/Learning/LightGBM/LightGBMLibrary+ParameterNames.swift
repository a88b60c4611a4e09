extension LightGBMLibrary {
  /// LightGBM's own name for a parameter or one of its aliases; nil when it knows no such name.
  public func canonicalName(of name: String) -> String? { canonicalNames[name] }

  /// Every name and alias that LightGBM knows, sorted: what a misspelt name is compared with.
  public var parameterNames: [String] { canonicalNames.keys.sorted() }
}
