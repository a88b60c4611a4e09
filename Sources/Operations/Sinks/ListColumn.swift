/// A column of a list, or of the table that keeps it.
struct ListColumn {
  let name: String
  /// nil: of a type that no list has.
  let type: ListType?
  /// The type as it is called where the column stands.
  let typeName: String
}
