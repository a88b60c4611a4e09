/// What the data of a CRM do to a careless spec; the demo data contain all of it.
enum Hazard: String, CaseIterable, Sendable {
  case statusOfBuyers = "buyers' status becomes customer after the purchase"
  case laterAccounts = "accounts are created after a cutoff"
  case setDuringSale = "terms and named-account flags are set during the sale"
  case labelsCutOff = "labels are cut off by `data_through`"
  case trailingZero = "ids come with and without `.0`"
  case duplicateIds = "ids stand more than once"
  case jsonStages = "stages come as JSON, with and without spaces"
  case dateFormats = "dates come in several formats and time zones"
  case blankTexts = "'' and NULL both mean none"
  case reorganisation = "territories are retired, and reorganised"
  case nullForOpenAccounts = "a column is null only for open accounts"
  case seasons = "the base rate has seasons"
  case fewPositives = "there are almost no positives"
}
