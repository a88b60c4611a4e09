/// A finding that a marked text must give: the mark at which it begins, its id and its message.
struct Expected {
  var mark: Int
  var id: Int
  var message: String
  /// The mark at which the first related place begins.
  var related: Int?

  init(_ mark: Int, _ id: Int, _ message: String, related: Int? = nil) {
    self.mark = mark
    self.id = id
    self.message = message
    self.related = related
  }
}
