extension MarkedCase {
  static let production = published + reasons + capacities + monitors

  private static let monitors: [MarkedCase] = [
    MarkedCase(
      "a monitor with every key",
      """
      monitor:
        tolerance: 0
        ignore: [age, calls_30d]
        groups: [region]
        years_between_false_alarms: 0.5
      """),
    MarkedCase("a monitor of nothing", "monitor: {}"),
    MarkedCase("a misspelt feature to ignore", "monitor: {ignore: [age, «1»agee]}", 293),
    MarkedCase("groups by no feature", "monitor: {groups: [«1»regoin]}", 293),
    MarkedCase("groups by a number", "monitor: {groups: [region, «1»age]}", 294),
    MarkedCase("everything is tolerated", "monitor: {tolerance: «1»1}", 211),
    MarkedCase(
      "a feature that is taken away is ignored",
      "features: [account, engagement, -calls_30d]\nmonitor: {ignore: [calls_30d]}"),
  ]

  private static let published: [MarkedCase] = [
    MarkedCase(
      "a list of every kind",
      """
      score:
        table: scores_{name}
        connection: curated
        parquet: lists/{name}_{cutoff}.parquet
        key: account
        rank_within: [region]
        columns: [age, customers.segment, owner: customers.status, area: region, history.email]
        reasons: 0
        sentences: {age: "{value} days old", region: {missing: nowhere, otherwise: "in {value}"}}
        hidden: [has_email, calls_*]
        new_levels: other
      capacity:
        per: owner
        rows: 5
        groups: {"A: B - C": 0, "007": 9, "": 1}
        total: 50
        max_share: 1
        min_score: 0
        cool_down: 3 months
        exclude: [lists/no.txt]
        hold_back: 5 %
      retrain: {promote: unless_fail}
      """),
    MarkedCase("nothing of any", "score: {}\nretrain: {}"),
    MarkedCase("a misspelt feature", "score: {columns: [age, «1»regoin]}", 800),
    MarkedCase("a set of features", "score: {columns: [«1»engagement]}", 800),
    MarkedCase("a feature by windows", "score: {columns: [«1»calls]}", 800),
    MarkedCase("another name for no feature", "score: {columns: [old: «1»agee]}", 800),
    MarkedCase(
      "a feature that is not chosen", "features: [account]\nscore: {columns: [«1»calls_30d]}", 800),
    MarkedCase(
      "a feature that is taken away",
      "features: [account, engagement, -calls_30d]\nscore: {columns: [calls_30d, calls_all]}"),
    MarkedCase(
      "a feature that goes with the label",
      "feature_sets: {more: [bought: {happened: customers.first_order}]}\n"
        + "features: [account, engagement, more, -label.event]\nscore: {columns: [bought, age]}"),
    MarkedCase(
      "a feature taken away and chosen again",
      "features: [account, -age, age, engagement]\nscore: {columns: [age]}"),
    MarkedCase(
      "a feature whose set is malformed",
      "feature_sets: {more: [owner: {«1»valu: customers.employees}]}\nscore: {columns: [owner]}",
      231),
    MarkedCase("a column of no source", "score: {columns: [«1»customer.segment]}", 232),
    MarkedCase("a column that is not listed", "score: {columns: [rep: history.«1»rep]}", 233),
    MarkedCase("a column of events", "score: {columns: [«1»calls.kind]}", 246),
    MarkedCase("a column with two dots", "score: {columns: [«1»a.b.c]}", 210),
    MarkedCase("a column with two names", "score: {columns: [{a: age, «1»b: age}]}", 219),
    MarkedCase("a column under a name that is none", "score: {columns: [«1»2nd: age]}", 217),
    MarkedCase("the label's column", "score: {columns: [label.event]}"),
    MarkedCase(
      "a source that is only shown",
      """
      sources:
        owners: {csv: owners.csv, key: id, columns: {rep: {type: text, class: current}}}
      score: {columns: [owners.rep]}
      """),
    MarkedCase("a column twice", "score: {columns: [age, «1»age]}", 801),
    MarkedCase("two columns of one name", "score: {columns: [email: age, «1»history.email]}", 801),
    MarkedCase("names that differ in case", "score: {columns: [age, «1»AGE: region]}", 801),
    MarkedCase("a feature under two names", "score: {columns: [age, old: age]}"),
    MarkedCase("the key's own name", "score: {key: age, columns: [«1»age]}", 801),
    MarkedCase("a name of every list", "score: {columns: [«1»margin: age]}", 802),
    MarkedCase(
      "a name of some lists", "score: {columns: [«1»Selected: age, «2»reason_2: age]}", 802, 802),
    MarkedCase("the name of a rank", "score: {columns: [«1»rank_region: age]}", 802),
    MarkedCase("a reason of another kind", "score: {columns: [reason_why: age]}"),
    MarkedCase("a key named like the score", "score: {key: «1»score}", 802),
    MarkedCase(
      "two ranks of one name",
      "feature_sets: {more: [cat_region: {category: history.region}]}\n"
        + "features: [account, engagement, more]\nscore: {rank_within: [region, «1»cat_region]}",
      801),
    MarkedCase("ranks twice within one feature", "score: {rank_within: [region, «1»region]}", 225),
    MarkedCase("one file for all cutoffs", "score: {parquet: «1»latest.parquet}", 806),
    MarkedCase("a connection for no table", "score: {«1»connection: curated}", 222),
    MarkedCase("what is new is neither", "score: {new_levels: «1»others}", 213),
  ]

  private static let reasons: [MarkedCase] = [
    MarkedCase("a sentence of no feature", "score: {sentences: {«1»agee: old}}", 800),
    MarkedCase(
      "a sentence of a feature that is not chosen",
      "features: [account]\nscore: {sentences: {calls_30d: busy}}"),
    MarkedCase(
      "an invalid placeholder", "score: {sentences: {age: \"«1»{days} days old\"}}", 254),
    MarkedCase(
      "an invalid placeholder, for 1", "score: {sentences: {age: {one: \"«1»{age} day\"}}}", 254
    ),
    MarkedCase("a sentence without words", "score: {sentences: {age: «1»\" \"}}", 803),
    MarkedCase("a feature without a sentence", "score: {sentences: {«1»age: {}}}", 803),
    MarkedCase(
      "the value of what is missing",
      "score: {sentences: {age: {missing: \"no age, «1»{value}\"}}}", 803),
    MarkedCase(
      "a category as a number", "score: {sentences: {region: {«1»zero: no, «2»one: a}}}", 803, 803),
    MarkedCase("a sentence for many", "score: {sentences: {age: {«1»many: old}}}", 231),
    MarkedCase("hides nothing", "score: {hidden: [«1»call_*]}", 804),
    MarkedCase("hides everything", "score: {hidden: [\"*\"]}"),
    MarkedCase("hides no feature", "score: {hidden: [«1»calls_30]}", 800),
    MarkedCase("hides twice", "score: {hidden: [age, «1»age]}", 225),
    MarkedCase("too many reasons", "score: {reasons: «1»21}", 211),
  ]

  private static let capacities: [MarkedCase] = [
    MarkedCase(
      "by a feature of rank_within",
      "score: {rank_within: [region]}\ncapacity: {per: region, rows: 3}"),
    MarkedCase(
      "by a misspelt column",
      "score: {rank_within: [region]}\ncapacity: {per: «1»regoin, rows: 3}", 805),
    MarkedCase(
      "by a feature that is published under another name",
      "score: {rank_within: [region], columns: [area: region]}\ncapacity: {per: «1»region, rows: 3}",
      805),
    MarkedCase(
      "by a column that is malformed",
      "score: {columns: [owner: history.«1»owner]}\ncapacity: {per: owner, rows: 3}", 233),
    MarkedCase(
      "by a column that is taken away",
      "features: [account, engagement, -region]\nscore: {columns: [region]}\n"
        + "capacity: {per: «1»region, rows: 3}", 805),
    MarkedCase("for no list", "«1»capacity: {per: region, rows: 3}", 808),
    MarkedCase("of nothing", "score: {}\n«1»capacity: {}", 807),
    MarkedCase(
      "of nothing, per group",
      "score: {rank_within: [region]}\n«1»capacity: {per: region, exclude: []}", 807),
    MarkedCase("groups of what", "score: {}\ncapacity: {«1»groups: {North: 3}}", 222),
    MarkedCase(
      "a share of what",
      "score: {rank_within: [region]}\n«2»capacity: {per: region, «1»max_share: 0.1}",
      222, 807),
    MarkedCase("a share of whom", "score: {}\ncapacity: {total: 9, «1»max_share: 0.1}", 222),
    MarkedCase(
      "a share of more than all",
      "score: {rank_within: [region]}\ncapacity: {per: region, total: 9, max_share: «1»1.5}", 211),
    MarkedCase("a score in percent", "score: {}\ncapacity: {min_score: «1»5}", 211),
    MarkedCase("a cool-down without its unit", "score: {}\ncapacity: {cool_down: «1»90}", 215),
    MarkedCase(
      "half a row",
      "score: {rank_within: [region]}\ncapacity: {per: region, groups: {North: «1»0.5}}",
      210),
    MarkedCase("an exclusion twice", "score: {}\ncapacity: {exclude: [a.txt, «1»a.txt]}", 225),
    MarkedCase("a share held back", "score: {}\ncapacity: {rows: 20, hold_back: 0.05}"),
    MarkedCase("half held back", "score: {}\ncapacity: {rows: 2, hold_back: 50%}"),
    MarkedCase(
      "held back of a list without a limit", "score: {}\ncapacity: {hold_back: 5.5 %}"),
    MarkedCase("nobody held back", "score: {}\ncapacity: {rows: 50, hold_back: «1»0}", 211),
    MarkedCase("0 % held back", "score: {}\ncapacity: {rows: 50, hold_back: «1»0 %}", 211),
    MarkedCase("all held back", "score: {}\ncapacity: {rows: 50, hold_back: «1»100 %}", 211),
    MarkedCase(
      "a percentage without its sign", "score: {}\ncapacity: {rows: 50, hold_back: «1»5}", 211),
    MarkedCase("a share in words", "score: {}\ncapacity: {rows: 50, hold_back: «1»some}", 210),
    MarkedCase(
      "more held back than selected", "score: {}\ncapacity: {rows: 50, hold_back: «1»51 %}", 295),
    MarkedCase(
      "less than one account held back", "score: {}\ncapacity: {rows: 19, hold_back: «1»5 %}", 296),
    MarkedCase(
      "less than one account of all groups",
      "score: {rank_within: [region]}\n"
        + "capacity: {per: region, rows: 50, total: 9, hold_back: «1»10 %}", 296),
    MarkedCase(
      "few rows of each of many groups",
      "score: {rank_within: [region]}\ncapacity: {per: region, rows: 9, hold_back: 10 %}"),
    MarkedCase(
      "another column with the name of the mark",
      "score: {columns: [«1»Hold_Back: customers.status]}\ncapacity: {rows: 50, hold_back: 10 %}",
      802),
    MarkedCase(
      "a column with the name of a mark that no list has",
      "score: {columns: [hold_back: customers.status]}\ncapacity: {rows: 50}"),
    MarkedCase("one exclusion", "score: {}\ncapacity: {exclude: «1»a.txt}", 210),
    MarkedCase("promoted by another word", "retrain: {promote: «1»always}", 213),
  ]
}
