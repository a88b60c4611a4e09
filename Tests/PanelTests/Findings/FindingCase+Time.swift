import Diagnostics
import OrderedCollections
import Spec

extension FindingCase {
  static let time: [FindingCase] = [
    FindingCase(
      279, "a city instead of a time zone", underlined: "New York",
      fix: "did you mean `America/New_York`?", overlay: "day: {time_zone: New York}\n"),
    FindingCase(
      279, "a misspelt time zone", underlined: "Europe/Berln",
      fix: "did you mean `Europe/Berlin`?", overlay: "sources: {calls: {time_zone: Europe/Berln}}\n"
    ),
    FindingCase(
      279, "an abbreviation of time zones", underlined: "EST",
      fix: "abbreviations are not accepted", overlay: "day: {time_zone: EST}\n"),
    FindingCase(
      279, "an offset", underlined: "\"-05:00\"",
      fix: "write a name of the IANA time zone database", overlay: "day: {time_zone: \"-05:00\"}\n"),
    FindingCase(
      404, "no cutoff at all", underlined: "2",
      fix: "the last mature cutoff, 2024-09-30, is before the first day, 2024-11-01",
      rows: ["calls": "('1', '2024-11-01', '2024-11-02', 'call', '5')"]),
    FindingCase(
      404, "one cutoff", underlined: "2",
      fix: "there is 1 cutoff, and this spec needs 5",
      rows: ["calls": "('1', '2024-09-01', '2024-09-02', 'call', '5')"]),
    FindingCase(
      404, "too little history", underlined: "60",
      fix: "`calls` starts on 2020-05-01", overlay: "cutoffs: {train: 60}"),
    FindingCase(
      404, "a source that is complete only later", underlined: "2",
      fix: "`calls` is complete from 2024-06-01, its `data_from`",
      overlay: "sources: {calls: {data_from: 2024-06-01}}"),
    FindingCase(
      404, "a list of too few cutoffs", underlined: "4",
      fix: "need 5; listed are 3, from 2020-05-01 to 2024-09-30",
      overlay: "cutoffs: {every: [2024-03-31, 2024-06-30, 2024-09-30], train: 4}"),
    FindingCase(
      404, "no train cutoff from a day on", underlined: "2024-08-15",
      fix: "the next role begins on 2024-09-30",
      overlay: "cutoffs: {train: {from: 2024-08-15}}"),
    FindingCase(
      404, "train from a day before the data", underlined: "2020-01-31",
      fix: "begin `train` later, shorten the horizon, or add older data",
      overlay: "cutoffs: {train: {from: 2020-01-31}}"),
    FindingCase(
      405, "a source that ends early", underlined: "2024-09-29", fix: "set `cutoffs.last`",
      overlay: "sources: {calls: {data_through: 2024-09-29}}"),
    FindingCase(
      411, "events of which nobody knows when they became known", underlined: "logged",
      fix: "no cutoff reads them", severity: .warning,
      rows: [
        "calls": """
        ('1', '2020-05-01', '2020-05-02', 'call', '5'), ('1', '2020-05-03', NULL, 'call', '5'),
          ('2', '2020-05-03', ' ', 'call', '5')
        """
      ]),
    FindingCase(
      423, "labels that settle after the data end", underlined: "2024-09-30",
      fix: "its labels are final on 2025-01-01",
      overlay: "cutoffs: {last: 2024-09-30}\nlabel: {label_delay: 1 day}"),
    FindingCase(
      423, "a window that ends after the data", underlined: "2024-10-31",
      fix: "its window ends on 2025-01-31", overlay: "cutoffs: {last: 2024-10-31}"),
    FindingCase(
      424, "a last cutoff off the cadence", underlined: "2024-09-29",
      fix: "did you mean 2024-08-31?", overlay: "cutoffs: {last: 2024-09-29}"),
    FindingCase(
      424, "a last cutoff off the cadence, and after the data", underlined: "2024-12-30",
      fix: "did you mean 2024-09-30?",
      overlay: "cutoffs: {every: quarter_end, train: 1, last: 2024-12-30}"),
    FindingCase(
      424, "a Tuesday among Mondays", underlined: "2024-09-10", fix: "did you mean 2024-09-09?",
      overlay: "cutoffs: {every: monday, last: 2024-09-10}"),
  ]
}
