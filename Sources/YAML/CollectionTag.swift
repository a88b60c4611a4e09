/// The core tags of lists and maps.
enum CollectionTag: String {
  case sequence = "tag:yaml.org,2002:seq"
  case mapping = "tag:yaml.org,2002:map"

  /// Whether a name is one of them.
  static func isOne(_ name: String) -> Bool { CollectionTag(rawValue: name) != nil }
}
