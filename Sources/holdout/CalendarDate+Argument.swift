public import ArgumentParser
public import Spec

extension CalendarDate: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
