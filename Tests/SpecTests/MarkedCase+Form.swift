extension MarkedCase {
  static let form: [MarkedCase] = [
    MarkedCase("an unknown key at the top", "«1»horizont: 3 months", 231),
    MarkedCase("an unknown key below", "label: {«1»horizont: 3 months}", 231),
    MarkedCase(
      "several at once", "label: {«1»horizn: 3}\nmodel: {«2»sed: 1}\n«3»modle: 1", 231, 231, 231),
    MarkedCase(
      "a misspelt key is not missing too", "label: {«1»horizn: 3 months, horizon: null}", 231),
    MarkedCase("text for a number", "cutoffs: {train: «1»many}", 210),
    MarkedCase("a number for text", "description: «1»12", 210),
    MarkedCase("a list for text", "description: «1»[a]", 210),
    MarkedCase("text for a list", "evaluation: {by: «1»region}", 210),
    MarkedCase("text for a map", "model: «1»lightgbm", 210),
    MarkedCase("a map in a list of names", "features: [account, «1»{a: b}]", 210),
    MarkedCase("nothing after a key", "«1»cohort:", 207),
    MarkedCase("train of 0", "cutoffs: {train: «1»0}", 211),
    MarkedCase("test of 0", "cutoffs: {test: «1»0}", 211),
    MarkedCase("calibrate below 0", "cutoffs: {calibrate: «1»-1}", 211),
    MarkedCase("a horizon of 0", "label: {horizon: «1»0 days}", 211),
    MarkedCase("percent 0 and above 100", "evaluation: {top_percent: [«1»0, 1, «2»101]}", 211, 211),
    MarkedCase("not a number", "evaluation: {top_percent: [«1».nan]}", 211),
    MarkedCase("a level of 1", "evaluation: {intervals: {level: «1»1}}", 211),
    MarkedCase("a version of another time", "version: «1»2", 211),
    MarkedCase("a negative weight", "model: {class_weight: «1»-1}", 211),
    MarkedCase("a key that is missing", "«1»cutoffs: {test: null}", 212),
    MarkedCase(
      "a key missing in an item", "cohort: {where: [{«1»in: {column: history.region}}]}", 212),
    MarkedCase("a word that is none", "model: {class_weight: «1»balancd}", 213),
    MarkedCase("a class that is none", "sources: {history: {columns: {x: {type: «1»int}}}}", 213),
    MarkedCase("a day that does not exist", "as_of: «1»2025-02-30", 214),
    MarkedCase("a day in other words", "as_of: «1»30/09/2025", 214),
    MarkedCase("a period without unit", "label: {horizon: «1»90}", 215),
    MarkedCase("a period abbreviated", "label: {horizon: «1»6mo}", 215),
    MarkedCase("a cadence that is a bad period", "cutoffs: {every: «1»2 fortnights}", 215),
    MarkedCase(
      "a window that is a bad period", "feature_sets: {x: [{n: {count: calls, within: [«1»30d]}}]}",
      215),
    MarkedCase("a column without source", "label: {event: «1»first_order}", 216),
    MarkedCase(
      "a name that SQL cannot have",
      "feature_sets: {x: [{«1»has-email: {present: history.email}}]}", 217),
    MarkedCase("a name that starts with a digit", "feature_sets: {«1»3dx: []}", 217),
    MarkedCase("a results folder above", "name: «1»../renewals", 217),
    MarkedCase("a hidden results folder", "name: «1».renewals", 217),
    MarkedCase("no features", "features: «1»[]", 218),
    MarkedCase(
      "two features in one item",
      "feature_sets: {x: [{a: {present: history.email}, «1»b: {present: history.email}}]}", 219),
    MarkedCase(
      "an expression not indented",
      "feature_sets:\n  x:\n    - a:\n      «1»present: history.email", 219),
    MarkedCase("two locations", "sources: {customers: {«1»parquet: a.parquet}}", 220),
    MarkedCase("two shapes", "sources: {history: {«1»time: day}}", 220),
    MarkedCase(
      "two expressions", "feature_sets: {x: [{a: {present: history.email, «1»count: calls}}]}", 220),
    MarkedCase("no location", "sources: {«1»customers: {table: null, key: id}}", 221),
    MarkedCase("no expression", "feature_sets: {x: [{«1»a: {where: \"true\"}}]}", 221),
    MarkedCase("half a history", "sources: {history: {«1»valid_from: x, valid_to: null}}", 222),
    MarkedCase("a connection for a file", "sources: {history: {«1»connection: curated}}", 222),
    MarkedCase(
      "a window without events",
      "feature_sets: {x: [{a: {present: history.email, «1»within: 3 days}}]}", 222),
    MarkedCase("names that differ in case", "sources: {«1»Calls: {parquet: x, key: id}}", 224),
    MarkedCase("a number twice", "evaluation: {top_k: [50, «1»50]}", 225),
  ]
}
