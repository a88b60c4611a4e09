// Findings about the form of a spec: H207 and H210 to H231.
extension Explanation {
  static let form: [Explanation] = [
    Explanation(
      207, "a key without a value",
      cause: """
        A key with nothing behind it is usually an accident: the lines below are not indented, or \
        are commented out. Taken as `null` it would remove what was inherited in silence.
        """,
      example: .spec("«cohort»:"),
      mend: """
        Write the value, indented below the key, or remove the key. To take an inherited value \
        away write `null`.
        """),
    Explanation(
      208, "a key by its old name",
      cause: """
        The key got another name, so that specs use the standard term of the field. Both names are read \
        while the language has this version; where a map has both, they would be the same key twice.
        """,
      example: .spec("label: {«settle»: 1 day}"),
      mend: "Write the new name."),
    Explanation(
      210, "a value of the wrong type",
      cause: """
        The key takes another type of value: a list, a map, a number or a text. Converting it by \
        guess could change what the experiment means.
        """,
      example: .spec("features: «account»"),
      mend: "Write a value of the type named; text that looks like a number needs quotes."),
    Explanation(
      211, "a value that is out of range",
      cause: """
        The value has the right type, but no meaning at this size: no cutoff to learn from, a \
        share above 1, a window of 0 days.
        """,
      example: .spec("evaluation: {intervals: {level: «95»}}"),
      mend: "Choose a value in the range named, and check its unit: shares are written as `0.95`."),
    Explanation(
      212, "a required key is missing",
      cause: """
        The key has no default, because any default would be a guess about your data or your \
        question. It was left out, or a `null` has taken it away.
        """,
      example: .spec("sources: {«orders»: {parquet: data/orders.parquet}}"),
      mend: "Add the key; the finding says what it means."),
    Explanation(
      213, "not one of the possible words",
      cause: """
        The key takes one of a few words, and this is none of them. Nothing is taken in its place: \
        a misspelt setting would otherwise be another experiment.
        """,
      example: .spec("calibration: {method: «isotonc»}"),
      mend: "Write one of the words in the note."),
    Explanation(
      214, "not a day",
      cause: """
        A day is written as year-month-day and must exist in the calendar. Other orders are \
        refused, since `03/04/2025` is a day in March or in April.
        """,
      example: .spec("cutoffs: {last: «06/30/2025»}"),
      mend: "Write it like `2025-06-30`."),
    Explanation(
      215, "not a length of time",
      cause: """
        A length of time is a whole count, a space and a unit. A number alone has no unit, and \
        `6m` could be minutes or months.
        """,
      example: .spec("label: {horizon: «90d»}"),
      mend: "Write a count and one of `days`, `weeks`, `months` or `years`: `90 days`."),
    Explanation(
      216, "not a column",
      cause: """
        A column is named with its source, `source.column`, because several sources may have \
        columns of the same name.
        """,
      example: .spec("label: {event: «first_order»}"),
      mend: "Write the source's name in front: `customers.first_order`."),
    Explanation(
      226, "not a number of negatives",
      cause: """
        How many negatives a sample keeps is said for each positive, as in `20 per positive`, or as a \
        share of all of them, a number above 0 and at most 1. Percent signs are not read, and a bare \
        20 could be meant either way.
        """,
      example: .spec("sample: {negatives: «20»}"),
      mend: "Write `20 per positive`, or the share: `0.05` keeps one negative in twenty."),
    Explanation(
      217, "a name that cannot be used",
      cause: """
        Names of sources, columns, feature sets and features become names in SQL and columns of \
        the panel. They have letters without accents, digits and `_`, do not begin with a digit, \
        and are 100 characters long at most.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - «has-email»: {present: history.email}
        """),
      mend: """
        Rename it, with `_` for blanks and hyphens. A column whose name in the table differs has \
        that name in `from`.
        """),
    Explanation(
      218, "too few items",
      cause: """
        The list is empty, or shorter than it has to be to mean anything: a model without \
        features, a rule without alternatives.
        """,
      example: .spec("features: «[]»"),
      mend: "Add what is missing. If the whole key is not wanted and may be left out, remove it."),
    Explanation(
      219, "a list item that is not one name with its expression",
      cause: """
        Each item of a feature set is a feature's name with its expression below it. Here the \
        expression is indented no further than the name, or a second name stands in the same item.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - has_email:
              «present»: history.email
        """),
      mend: "Indent the expression further than the name, and begin each feature with `- `."),
    Explanation(
      220, "keys that exclude each other",
      cause: """
        Only one of these keys can be meant, and which one is not for the program to decide. Often \
        one of them is inherited and the other was meant to replace it.
        """,
      example: .spec("sources: {calls: {«csv»: data/calls.csv}}"),
      mend: "Remove one of them; an inherited one is taken away with `null`, as in `parquet: null`."
    ),
    Explanation(
      221, "the key that everything depends on is missing",
      cause: """
        Exactly one of several keys has to say what this is: a feature's expression, a source's \
        location, a rule, a connection's database. There are only options that go with it, or \
        nothing.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - «recent_calls»: {within: 30 days}
        """),
      mend: "Add one of the keys in the note, for a count of events `count: calls`."),
    Explanation(
      222, "a key that says nothing without another",
      cause: """
        The key has a meaning only beside another one, which is not there. It would have no \
        effect, though it looks as if it had.
        """,
      example: .spec(
        """
        feature_sets:
          account:
            - size: {value: customers.size, «missing»: none}
        """),
      mend: "Add the key it belongs to, or remove this one."),
    Explanation(
      223, "a key that does not apply here",
      cause: """
        The key is known, but not for this kind of source, column or feature: date formats of a \
        number, an order of duplicates that are errors. It would have no effect.
        """,
      example: .spec("sources: {customers: {«order»: [created]}}"),
      mend: "Do what stands under the place, or remove the key."),
    Explanation(
      224, "names that differ only in case",
      cause: """
        SQL does not tell upper and lower case apart, so both names would mean the same. Often an \
        inherited name was meant to be replaced but is written differently there.
        """,
      example: .spec("sources: {customers: {columns: {«Size»: {type: integer, class: static}}}}"),
      mend: """
        Write the name as it is written elsewhere to replace that one, or choose another name.
        """),
    Explanation(
      225, "an item that stands twice",
      cause: """
        The same number stands twice in a list of lengths or shares, so that the same metric would \
        be reported twice under one name. Probably another number was meant.
        """,
      example: .spec("evaluation: {top_k: [50, 100, «50»]}"),
      mend: "Leave one out, or write the number that was meant."),
    Explanation(
      231, "unknown key",
      cause: """
        The language has no such key at this place. A key that is not understood would mean \
        nothing, and the default it was meant to replace would be used in silence.
        """,
      example: .spec("label: {event: customers.first_order, «horizont»: 1 month}"),
      mend: "Write the key that was meant; the note lists those allowed there."),
  ]
}

// Findings about putting a spec together: H201 to H206, and H290.
extension Explanation {
  static let composition: [Explanation] = [
    Explanation(
      201, "a spec that is not a map",
      cause: """
        A spec consists of keys with values. This file holds a single text or a list; often the `: \
        ` between key and value is missing, or the file is not a spec at all.
        """,
      example: .file("«name = renewals»\n"),
      mend: "Write `key: value`, beginning with `version: 1` and `name: ...`."),
    Explanation(
      202, "extends in a circle",
      cause: """
        A file extends itself, directly or over others, so that there is no file to begin with. \
        The note shows the way round. More than 50 files in a row are refused as well.
        """,
      example: .files([
        ("spec.yaml", "extends: base.yaml\n"), ("base.yaml", "extends: «spec.yaml»\n"),
      ]),
      mend: "Remove one `extends` of the circle; put what the files share in a file of its own."),
    Explanation(
      204, "nothing to append to",
      cause: """
        `append` adds items to an inherited list, and here nothing is inherited, or something that \
        is no list. Defaults do not count as inherited. Probably the key is misspelt or stands at \
        the wrong level.
        """,
      example: .spec("evaluation: {segments: {«append»: [region]}}"),
      mend: "Write the whole list, or correct the key that stands before `append`."),
    Explanation(
      205, "an argument that cannot be laid over the spec",
      cause: """
        An argument is a path, `=` and a value. This one has an empty part in its path, or no \
        value, or it is `extends`, which is followed before any argument counts.
        """,
      example: .commands("holdout check --offline spec.yaml «cutoffs.train=»"),
      mend: """
        Write it as `cutoffs.train=12`; `=null` takes an inherited value away. Put `extends` in a \
        file.
        """),
    Explanation(
      206, "an argument whose path leads nowhere",
      cause: """
        The path of the argument goes through something that has nothing below it, or names a \
        position that its list does not have. The value would be set nowhere.
        """,
      example: .commands("holdout check --offline spec.yaml features.«2»=region"),
      mend: """
        Correct the path; positions in lists count from 0. `'features={append: [region]}'` adds to \
        a list.
        """),
    Explanation(
      290, "a file that a spec may not have read",
      cause: """
        Specs come with pull requests, so a spec has files read only below the project folder and \
        below the folders that holdout.yaml lists under `roots`. Links are followed first: one that \
        leads out is refused, as are devices, pipes, files of `.git`, and an `extends` to a file that \
        is not named `.yaml` or `.yml`. Nothing of such a file is read or shown.
        """,
      example: .file("extends: «/etc/passwd»\n"),
      mend: """
        Move the file into the project, or add its folder to `roots` in holdout.yaml. Give a spec a \
        name that ends in `.yaml`.
        """),
  ]
}
