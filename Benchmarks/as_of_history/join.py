#!/usr/bin/env python3
"""The panel of as_of_history.yaml without Holdout, as a Parquet file in the order of cutoff and key.

  python Benchmarks/as_of_history/join.py asof|range|pandas|polars DATA OUT [--threads 2]
  python Benchmarks/as_of_history/join.py compare FILE FILE...

asof and range are DuckDB's ASOF JOIN and its join on `valid_from <= t < valid_to`, pandas is
merge_asof and polars join_asof, cutoff by cutoff. `compare` exits with 1 unless all files have the same
rows. Needs Benchmarks/requirements.txt.
"""

import argparse
import datetime
import sys

import duckdb

FIRST, COUNT, HORIZON = (2022, 9), 30, 6
FEATURES = ["age", "stage", "status", "territory", "region", "has_email", "taxable", "named_account",
            "seats", "turnover", "days_since_edit"]
TEXTS = ["stage", "status", "territory", "region"]


def month_end(months):
  """The last day of a month, counted from the first cutoff's."""
  month = FIRST[0] * 12 + FIRST[1] + months
  return datetime.date(month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


CUTOFFS = [(month_end(n), month_end(n + HORIZON)) for n in range(COUNT)]


def by_duckdb(kind, data, out, threads):
  connection = duckdb.connect(config={"threads": threads})
  connection.execute("CREATE TABLE cutoffs (cutoff DATE, window_end DATE)")
  connection.executemany("INSERT INTO cutoffs VALUES (?, ?)", CUTOFFS)
  join = {
    "asof": "ASOF JOIN versions v ON a.account_id = v.account_id AND a.cutoff >= v.valid_from",
    "range": "JOIN versions v ON a.account_id = v.account_id AND a.cutoff >= v.valid_from "
             "AND (v.valid_to IS NULL OR a.cutoff < v.valid_to)",
  }[kind]
  connection.execute(f"""
    COPY (
      WITH versions AS (FROM '{data}/versions.parquet'),
      a AS (
        SELECT * FROM '{data}/accounts.parquet' CROSS JOIN cutoffs
        WHERE created <= cutoff AND (first_order IS NULL OR first_order > cutoff))
      SELECT a.account_id AS key, cutoff, coalesce(first_order <= window_end, false)::TINYINT AS label,
        cutoff - created AS age, stage, status, territory, region,
        (nullif(trim(email), '') IS NOT NULL)::TINYINT AS has_email,
        taxable::TINYINT AS taxable, named_account::TINYINT AS named_account,
        seats::DOUBLE AS seats, turnover, cutoff - edited AS days_since_edit
      FROM a {join}
      WHERE NOT is_inactive
      ORDER BY cutoff, key
    ) TO '{out}' (FORMAT parquet)""")


def by_pandas(data, out):
  import pandas as pd
  import pyarrow
  import pyarrow.parquet

  accounts = pd.read_parquet(f"{data}/accounts.parquet").sort_values("account_id")
  versions = pyarrow.parquet.read_table(f"{data}/versions.parquet", read_dictionary=TEXTS).to_pandas()
  for table, names in [(accounts, ["created", "first_order"]), (versions, ["valid_from", "edited"])]:
    for name in names:
      table[name] = pd.to_datetime(table[name])
  versions["has_email"] = (versions["email"].fillna("").str.strip() != "").astype("int8")
  versions = versions.drop(columns=["email", "valid_to"]).sort_values("valid_from")
  writer = None
  for day, end in CUTOFFS:
    cutoff = pd.Timestamp(day)
    rows = accounts[(accounts["created"] <= cutoff) & ~(accounts["first_order"] <= cutoff)]
    rows = rows.assign(cutoff=cutoff.as_unit(versions["valid_from"].dt.unit))
    rows = pd.merge_asof(rows, versions, left_on="cutoff", right_on="valid_from", by="account_id")
    rows = rows[~rows["is_inactive"].astype(bool)]
    panel = pd.DataFrame({
      "key": rows["account_id"], "cutoff": day,
      "label": (rows["first_order"] <= pd.Timestamp(end)).astype("int8"),
      "age": (cutoff - rows["created"]).dt.days,
      **{name: rows[name] for name in TEXTS + ["has_email"]},
      "taxable": rows["taxable"].astype("int8"), "named_account": rows["named_account"].astype("int8"),
      "seats": rows["seats"].astype(float), "turnover": rows["turnover"],
      "days_since_edit": (cutoff - rows["edited"]).dt.days,
    })
    table = pyarrow.Table.from_pandas(panel, preserve_index=False)
    writer = writer or pyarrow.parquet.ParquetWriter(out, table.schema)
    writer.write_table(table)
  writer.close()


def by_polars(data, out):
  import polars as pl
  import pyarrow.parquet

  accounts = pl.read_parquet(f"{data}/accounts.parquet").sort("account_id")
  versions = pl.read_parquet(f"{data}/versions.parquet").drop("valid_to").sort("valid_from")
  versions = versions.with_columns(pl.col(TEXTS).cast(pl.Categorical))
  writer = None
  for day, end in CUTOFFS:
    rows = accounts.filter(
      (pl.col("created") <= day) & ~(pl.col("first_order") <= day).fill_null(False)
    ).with_columns(pl.lit(day).alias("cutoff"))
    panel = rows.join_asof(
      versions, left_on="cutoff", right_on="valid_from", by="account_id", check_sortedness=False
    ).filter(~pl.col("is_inactive")).select(
      pl.col("account_id").alias("key"), "cutoff",
      (pl.col("first_order") <= end).fill_null(False).cast(pl.Int8).alias("label"),
      (day - pl.col("created")).dt.total_days().cast(pl.Int32).alias("age"), *TEXTS,
      (pl.col("email").fill_null("").str.strip_chars() != "").cast(pl.Int8).alias("has_email"),
      pl.col("taxable", "named_account").cast(pl.Int8), pl.col("seats").cast(pl.Float64), "turnover",
      (day - pl.col("edited")).dt.total_days().cast(pl.Int32).alias("days_since_edit"))
    table = panel.to_arrow()
    writer = writer or pyarrow.parquet.ParquetWriter(out, table.schema)
    writer.write_table(table)
  writer.close()


def compare(files):
  """The number of rows, and a sum over rows of a hash of all values, which does not depend on the order of rows."""
  numbers = [f'"{name}"::DOUBLE' for name in FEATURES if name not in TEXTS]
  values = ", ".join(['"key"', '"cutoff"::DATE', '"label"::DOUBLE'] + numbers
                     + [f'"{name}"::VARCHAR' for name in TEXTS])
  found = [duckdb.execute(f"SELECT count(*), sum(\"label\"), sum(hash({values})::HUGEINT) FROM '{file}'").fetchone()
           for file in files]
  same = len(set(found)) == 1
  print(f"{found[0][0]:,} rows, {int(found[0][1]):,} positives: "
        + ("the same in all files" if same else f"DIFFERENT: {found}"))
  return same


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("kind", choices=["asof", "range", "pandas", "polars", "compare"])
  parser.add_argument("paths", nargs="+")
  parser.add_argument("--threads", type=int, default=2)
  options = parser.parse_args()
  if options.kind == "compare":
    sys.exit(0 if compare(options.paths) else 1)
  if options.kind == "pandas":
    by_pandas(*options.paths)
  elif options.kind == "polars":
    by_polars(*options.paths)
  else:
    by_duckdb(options.kind, *options.paths, options.threads)


if __name__ == "__main__":
  main()
