// Findings about files and their YAML: H101 to H107, H110 to H115, H120 to H133.
extension Explanation {
  static let yaml: [Explanation] = [
    Explanation(
      101, "no such file",
      cause: """
        The path leads to no file. A path in `extends` is relative to the file it is written in, \
        one on the command line to the folder you are in.
        """,
      example: .file("extends: «bse.yaml»\n"),
      mend: "Correct the path, or put the file where the path says."),
    Explanation(
      102, "a folder instead of a file",
      cause: """
        A YAML file is expected, and the path leads to a folder. Which of the files in it is meant \
        would be a guess.
        """,
      example: .commands("holdout check --offline data"),
      mend: "Name the file; the shell can name all of a folder, as in `experiments/*.yaml`."),
    Explanation(
      103, "a file that cannot be read",
      cause: """
        The file is there, but the system does not hand it out; the note has its reason. Usually \
        you lack the permission, sometimes a link leads in a circle or a disk has failed.
        """,
      example: .commands("ln -s loop.yaml loop.yaml\nholdout check --offline loop.yaml"),
      mend: "Look at the file with `ls -l`, then mend its permissions, the link or the disk."),
    Explanation(
      104, "an empty file",
      cause: """
        The file has no content at all, not even a comment. More often than not it was lost while \
        it was saved or copied.
        """,
      example: .commands("truncate --size 0 spec.yaml\nholdout check --offline spec.yaml"),
      mend: "Write the spec, or restore the file from your version control."),
    Explanation(
      105, "a file that is too large",
      cause: """
        A spec has a few hundred lines; a file of more than 16 MiB is data, or was written by \
        mistake. It is not read.
        """,
      example: .commands(
        """
        yes 'C1,2025-09-18' | head -c 17000000 > data/orders.csv
        holdout check --offline data/orders.csv
        """),
      mend: "Name the spec, not the data: a spec names its data with `table`, `parquet` or `csv`."),
    Explanation(
      106, "text in another encoding",
      cause: """
        The file is not UTF-8: an editor has saved it in another encoding, or it is not text. Read \
        as it is, names and values would come out garbled and match nothing in the data.
        """,
      example: .commands(
        """
        printf 'name: caf«\\xe9»\\n' > spec.yaml
        holdout check --offline spec.yaml
        """),
      mend: """
        Save the file as UTF-8. `iconv -f WINDOWS-1252 -t UTF-8` converts what comes from a \
        Western Windows.
        """),
    Explanation(
      107, "a control character",
      cause: """
        YAML forbids most control characters. They are invisible in an editor and often come with \
        text pasted from a word processor or a terminal.
        """,
      example: .commands(
        """
        printf 'name: renewals«\\v»of trade\\n' > spec.yaml
        holdout check --offline spec.yaml
        """),
      mend: """
        Remove the character. If it is meant, write it in double quotes as an escape, such as \
        `"\\v"`.
        """),
    Explanation(
      110, "something that does not belong here",
      cause: """
        What stands here fits nowhere in the list or map around it. Often a line is indented \
        differently from those beside it, or text follows a value in quotes. What it belongs to \
        would be a guess.
        """,
      example: .spec(
        """
        cutoffs:
            train: 12
          «t»est: 3
        """),
      mend: """
        Give all keys of a map, and all items of a list, the same indentation. Put the whole of a \
        text in quotes, or none of it.
        """),
    Explanation(
      111, "a tab as indentation",
      cause: """
        YAML indents with spaces only: how wide a tab is, and so what belongs to what, would \
        depend on the editor.
        """,
      example: .spec(
        """
        cutoffs:
        «\t»train: 12
        """),
      mend: "Replace tabs at the start of lines with spaces, and set your editor to do so."),
    Explanation(
      112, "a quote or bracket that is not closed",
      cause: """
        The text in quotes, the list in `[ ]` or the map in `{ }` that begins here has no end, so \
        that everything below would belong to it.
        """,
      example: .spec("features: «[»account, engagement"),
      mend: "Close it. Text within brackets that holds `,`, `#`, `: ` or a bracket needs quotes."),
    Explanation(
      113, "an escape that does not exist",
      cause: """
        In double quotes a backslash begins an escape, such as `\\n` for a new line, and this is \
        none. It is usual in regular expressions and in Windows paths.
        """,
      example: .spec("description: \"accounts that match «\\d»+\""),
      mend: "Use single quotes, in which a backslash means itself, or double the backslash."),
    Explanation(
      114, "a character that text cannot begin with",
      cause: """
        `%`, `@`, a backquote, `*`, `&` and `!` mean something special to YAML at the start of a \
        value. This one is either reserved or begins something that is not well formed.
        """,
      example: .spec(
        """
        sources:
          customers:
            columns:
              created: {type: date, class: event, formats: [«%»m/%d/%Y]}
        """),
      mend: "Put the text in quotes: `\"%m/%d/%Y\"`."),
    Explanation(
      115, "a misplaced or missing colon",
      cause: """
        A colon with a space behind it ends a key, and no key can end here; or a line of a map has \
        no colon at all. It comes from text that holds a colon, and from a key that is indented \
        too far.
        """,
      example: .spec("description: Who renews«:» trade or retail?"),
      mend: """
        Put text that holds a colon in quotes. Write keys as `key: value`, with the indentation of \
        the keys beside them.
        """),
    Explanation(
      120, "a document without content",
      cause: """
        The file holds blanks or comments only. A spec that says nothing is more likely a file \
        that was not saved or is commented out.
        """,
      example: .file("«»# name: renewals\n"),
      mend: "Write the spec; it begins with keys such as `version: 1` and `name: ...`."),
    Explanation(
      121, "a second document in the file",
      cause: """
        A line `---` below the first content begins a second document. One file is one spec; the \
        second would be left out in silence.
        """,
      example: .spec(
        """
        name: renewals_trade
        «---»
        name: renewals_retail
        """),
      mend: "Move the second document to a file of its own, or remove the `---`."),
    Explanation(
      122, "a key that is given twice",
      cause: """
        A map cannot hold a key twice. Many programs take the last without a word, so that a \
        setting further up would have no effect.
        """,
      example: .spec(
        """
        calibration: {method: isotonic}
        model: {seed: 7}
        «calibration»: {method: sigmoid}
        """),
      mend: "Keep one of them, with everything that belongs under it."),
    Explanation(
      123, "a key that is not text",
      cause: """
        A key that begins with a bracket is a list or a map to YAML, not a name. It often is a \
        template's placeholder that was never filled in.
        """,
      example: .spec("«{description}»: Which customers will order again?"),
      mend: "Write the key as plain text; if the brackets belong to it, put it in quotes."),
    Explanation(
      124, "a key that means nothing",
      cause: """
        `~` or nothing at all stands where a key is expected. To YAML that is not a name \
        but the absence of a value, so that nothing could ever ask for it.
        """,
      example: .spec("model: {params: {«~»: 31}}"),
      mend: "Write the key's name; if it is really called `~`, put it in quotes."),
    Explanation(
      125, "an alias without an anchor",
      cause: """
        `*name` repeats what `&name` marks further up in the same file, and nothing there is so \
        marked. Anchors of files that are extended do not count.
        """,
      example: .spec("features: «*account»"),
      mend: """
        Mark the value with `&name` before it is repeated, or correct the name. Text that begins \
        with `*` needs quotes.
        """),
    Explanation(
      126, "an alias inside what it repeats",
      cause: """
        The alias stands within the value that its anchor marks. The value would hold itself, and \
        would never end.
        """,
      example: .spec("label: &label {event: customers.first_order, horizon: «*label»}"),
      mend:
        "Write out what is meant, or put the anchor on the smaller value that is to be repeated."),
    Explanation(
      127, "a merge of something other than a map",
      cause: """
        `<<` pours the keys of other maps of the file into this one, so its value is an alias of a \
        map or a list of such. Text has no keys; a path here includes no file.
        """,
      example: .spec("<<: «shared.yaml»"),
      mend: "Give an alias, `<<: *shared`. To start from another file use `extends`."),
    Explanation(
      128, "an unknown tag",
      cause: """
        A word with `!` in front is a tag, which tells how to read the value. Only YAML's own are \
        known; `!include`, `!env` and others are inventions of other programs and would do nothing \
        here.
        """,
      example: .spec("description: «!include» question.md"),
      mend: """
        Remove the tag and write the value. To build on another file use `extends`; text that \
        begins with `!` needs quotes.
        """),
    Explanation(
      129, "a tag that the value does not fit",
      cause: """
        The tag says how the value is to be read, and the value cannot be read so. One of the two \
        is wrong, and which is not for the program to decide.
        """,
      example: .spec("description: !!int «renewals»"),
      mend: "Remove the tag, which is hardly ever needed, or write a value that fits it."),
    Explanation(
      130, "lists and maps nested too deeply",
      cause: """
        Lists and maps lie in each other more than 200 levels deep. No spec needs a tenth of that: \
        a program has probably written the file in a loop.
        """,
      example: .commands(
        """
        printf '«[»%.0s' {1..201} > spec.yaml
        holdout check --offline spec.yaml
        """),
      mend: "Check what made the file."),
    Explanation(
      131, "too many values in one file",
      cause: """
        A file may hold 100,000 values, keys included, and what an alias repeats counts each time. \
        More than that is data, or aliases of aliases that multiply.
        """,
      example: .commands(
        """
        { echo 'customers:'; yes -- '- «C1»' | head -n 100000; } > spec.yaml
        holdout check --offline spec.yaml
        """),
      mend: "Keep data in a table and name it as a source; repeat less with aliases."),
    Explanation(
      132, "too many findings in one file",
      cause: """
        After 100 findings in one file reading stops: more would help nobody, and they usually \
        have one cause. What stands below has not been looked at.
        """,
      example: .commands(
        """
        yes -- '- !customer «C1»' | head -n 200 > spec.yaml
        holdout check --offline spec.yaml
        """),
      mend: "Mend the findings above this one, then check again."),
    Explanation(
      133, "too many `%TAG` lines",
      cause: """
        Each line that begins with `%TAG` defines a shorthand for tags. A spec needs none, as \
        YAML's own tags are written `!!str`; and the time to read them grows with the square of \
        their number.
        """,
      example: .commands(
        """
        yes '«%TAG» !shop! tag:example.org,2025:' | head -n 17 > spec.yaml
        holdout check --offline spec.yaml
        """),
      mend: "Remove these lines."),
  ]
}
