/// What is wrong with a line of the registry, in words.
struct RegistryDamage: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
