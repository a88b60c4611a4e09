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
      example: .spec("evaluation: {by: {«append»: [region]}}"),
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
