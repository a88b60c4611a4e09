/// A piece of text that is printed whole, and the columns it takes.
struct Cell {
  var text: String
  var width: Int
}
