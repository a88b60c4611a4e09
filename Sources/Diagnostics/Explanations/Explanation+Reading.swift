extension Explanation {
  /// Findings about how files and values are written: H287 to H289 and H340 to H351.
  static let reading: [Explanation] = [
    Explanation(
      287, "a format that no date can have",
      cause: """
        A format of `formats` is written as for strptime. This one has a sign that strptime does not \
        know, or lacks the year, the month or the day, so that no text says a day by it.
        """,
      example: .spec(
        """
        sources:
          customers: {columns: {first_order: {type: date, class: event, formats: [«"%d.%m."»]}}}
        """),
      mend: """
        Write a whole day: `%m/%d/%Y` with a year of four digits, `%d.%m.%y` with one of two, `iso` \
        for 2024-05-01. Years of two digits from 69 are of the last century, those below of this one.
        """),
    Explanation(
      288, "more than one character",
      cause: """
        The delimiter, the quote and the escape of a CSV file are one character each, of those that \
        ASCII has.
        """,
      example: .spec("sources: {calls: {parquet: ~, csv: {file: c.csv, delimiter: «\";;\"»}}}"),
      mend: "Write one character; `tab` stands for a tabulator, and `quote: none` for no quotes."),
    Explanation(
      289, "one character with two meanings",
      cause: """
        The quote is the delimiter too, or the sign before a fraction is one of those that are left \
        out of a number, so that nothing could tell what is meant.
        """,
      example: .spec(
        "sources: {calls: {parquet: ~, csv: {file: c.csv, delimiter: \";\", quote: «\";\"»}}}"),
      mend: "Change one of the two."),
    Explanation(
      340, "days that are not possible",
      cause: """
        Some days lie before 1900 or after 2200, or outside of the column's `range`. Mostly a year of \
        two digits was read as one of four, or a far day stands for none. An age of two thousand \
        years is nothing to learn from, and an event in the year 24 counts as past at every cutoff.
        """,
      example: .spec(
        "sources: {customers: {columns: {«first_order»: {type: date, class: event}}}}",
        sql: "UPDATE customers SET first_order = DATE '0024-05-01' WHERE id = 'C7';",
        Example.checkWithData),
      mend: """
        Name the format (`formats: ["%m/%d/%y"]`), say which days stand for none \
        (`null: [0001-01-01]`), or allow them: `range: [1800-01-01, 2200-12-31]`. The end of a version \
        may lie as far ahead as it likes: such a version still holds.
        """),
    Explanation(
      341, "a day that two formats read differently",
      cause: """
        Several formats are declared, and more than one of them reads a value, each as another day: \
        `03/04/2024` is in March by one and in April by the other. Which is meant nobody can tell.
        """,
      example: .spec(
        """
        sources:
          customers:
            columns:
              «first_order»: {type: date, class: event, formats: ["%m/%d/%Y", "%d/%m/%Y"]}
        """,
        sql: """
          ALTER TABLE customers
          ALTER first_order TYPE VARCHAR USING strftime(first_order, '%m/%d/%Y');
          """,
        Example.checkWithData),
      mend: """
        Keep the format that is right. If the table mixes both, something else in a row has to say \
        which is meant: read it with a query, `sql: SELECT ...`.
        """),
    Explanation(
      343, "files that disagree about a column's type",
      cause: """
        The files of a source have a column in types between which there is no exact way, such as \
        flags in one and numbers in another. The first file decides nothing.
        """,
      example: .spec(
        """
        sources:
          calls: {parquet: data/calls*.parquet, columns: {«minutes»: integer}}
        """,
        sql: """
          COPY (SELECT * REPLACE (minutes > 50 AS minutes) FROM calls) TO 'data/calls_old.parquet';
          """,
        Example.checkWithData),
      mend: """
        Write the files again with one type. Or make the types alike in a query that reads both: \
        `sql: SELECT ... FROM read_parquet('...') UNION ALL BY NAME SELECT ...`.
        """),
    Explanation(
      344, "a column that only some files have",
      cause: """
        Several files make up the source, and some lack a column that the spec lists. In their rows it \
        is null, which is right where it was not recorded yet, and a hole where the export forgot it. \
        A file without the key or a time cannot be read at all, which is an error.
        """,
      example: .spec(
        """
        sources:
          calls: {parquet: data/calls*.parquet, columns: {«minutes»: integer}}
        """,
        sql: """
          COPY (SELECT * EXCLUDE (minutes) FROM calls WHERE day < '2025-01-01')
          TO 'data/calls_old.parquet';
          DELETE FROM calls WHERE day < '2025-01-01';
          """,
        Example.checkWithData),
      mend: """
        Export the files again if the column belongs into them; otherwise leave it as it is.
        """),
    Explanation(
      345, "a folder and a column of one name",
      cause: """
        The path names folders as `column=*`, which gives every row below them a value of that column, \
        and the files have a column of that name, too. Neither is taken in place of the other.
        """,
      example: .spec(
        "sources: {calls: {parquet: «data/parts/kind=*/*.parquet»}}",
        sql: """
          COPY calls TO 'data/parts'
          (FORMAT parquet, PARTITION_BY (kind), WRITE_PARTITION_COLUMNS true);
          """,
        Example.checkWithData),
      mend: """
        To read the column of the files, write `*` for the folder: `data/parts/*/*.parquet`. To read the \
        folders' values, take the column out of the files.
        """),
    Explanation(
      346, "a line with more or fewer fields than the header",
      cause: """
        Every line of a CSV file has as many fields as its header. A field that holds the delimiter and \
        is not quoted, or a file to which another export was appended, breaks that.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes\nC1,2025-01-05,2025-01-06,call,5\n"
              + "C2,2025-01-05,2025-01-06,call, or demo,5\n"
          ),
        ], Example.checkWithData),
      mend: """
        Quote the field, or name the delimiter that the file really has. Split a file that is several \
        exports in one.
        """),
    Explanation(
      347, "a header further down in a file",
      cause: """
        A line in the middle of a CSV file names the columns again: two exports were appended to each \
        other. The second may have other columns, or the same in another order.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes\nC1,2025-01-05,2025-01-06,call,5\n"
              + "id,day,logged,kind,minutes,source\nC2,2025-01-05,2025-01-06,call,5,crm\n"
          ),
        ], Example.checkWithData),
      mend: """
        Split the file at that line and read its parts with a glob, `csv: data/calls_*.csv`: their \
        columns are put together by name.
        """),
    Explanation(
      348, "a file that is not in UTF-8",
      cause: """
        The file was written in another encoding, as spreadsheets and older systems do. Holdout does \
        not guess what its letters are, as a wrong guess makes another level of `café`.
        """,
      example: .files(
        [("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n")],
        "printf 'id,day,logged,kind,minutes\\nC\\3511,2025-01-05,2025-01-06,call,5\\n' > calls.csv; "
          + "holdout check spec.yaml"),
      mend: """
        Write the encoding that the finding names: `csv: {file: data/calls.csv, encoding: latin-1}`. \
        Without it a file is read as UTF-8.
        """),
    Explanation(
      349, "a column that stands twice in the header",
      cause: """
        Two columns of a CSV file have the same name, and the spec reads it. Which of them is meant \
        the file does not say.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes,day\nC1,2025-01-05,2025-01-06,call,5,2025-01-07\n"
          ),
        ], Example.checkWithData),
      mend: """
        Rename one of them in the file, or give all columns names of your own: \
        `csv: {file: data/calls.csv, skip: 1, header: [id, day, logged, kind, minutes, sent]}`.
        """),
    Explanation(
      350, "lines or quotes that do not end where they should",
      cause: """
        Lines of the file end now in one way and now in another, or a quote opens a field and does not \
        close it. Where a line or a field ends is then a guess.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nsources: {calls: {parquet: ~, csv: «calls.csv»}}\n"),
          (
            "calls.csv",
            "id,day,logged,kind,minutes\nC1,2025-01-05,2025-01-06,\"a \\\"b\\\" c\",5\n"
          ),
        ], Example.checkWithData),
      mend: """
        Where quotes within a field have a backslash before them, write `escape: '\\'` under `csv`; \
        where quotes mean nothing, `quote: none`. Write a file of several line ends again with one.
        """),
    Explanation(
      351, "versions that end before they begin",
      cause: """
        `valid_to` of these versions is before their `valid_from`, so they hold on no day and no cutoff \
        sees them. Most often the day stands for a version that still holds: some systems write \
        1900-01-01 there.
        """,
      example: .spec(
        "sources: {history: {valid_to: «valid_to»}}",
        sql: "UPDATE history SET valid_to = DATE '1900-01-01';", Example.checkWithData),
      mend: """
        List the column and say that the day means none: `valid_to: {type: date, class: event, \
        null: [1900-01-01]}`. Otherwise correct the days, or leave such rows out with `sql`.
        """),
  ]
}
