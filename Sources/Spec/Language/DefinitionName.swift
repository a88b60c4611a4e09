/// The names of the maps of the spec, in the order of the reference page.
public enum DefinitionName: String, CaseIterable, Sendable {
  case experiment
  case source
  case validTo = "valid_to"
  case csv
  case column
  case contract
  case feature
  case categoryInput = "category_input"
  case cutoffs
  case cohort
  case rule
  case membership
  case label
  case eventRows = "event_rows"
  case lookAhead = "look_ahead"
  case accept
  case model
  case earlyStopping = "early_stopping"
  case sample
  case calibration
  case evaluation
  case intervals
  case score
  case sentences
  case capacity
  case retrain
  case gates
  case sweep
  case range
  case halving
  case project
  case connection
  case registry
}
