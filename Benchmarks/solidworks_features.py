"""The tables and features of experiments/solidworks.yaml in DuckDB's SQL: what the scripts share."""

import datetime

HORIZON = 6


def month_end(day, months):
  """The last day of the month so many months later."""
  month = day.year * 12 + day.month - 1 + months + 1
  return datetime.date(month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def text(column):
  return f"nullif(trim({column}), '')"


def field(column):
  """The value of {"value": "Prospect"}, or the text itself."""
  inner = text(f"json_extract_string({column}, '$.value')")
  return f"CASE WHEN json_valid({column}) AND ltrim({column}) LIKE '{{%' THEN {inner} ELSE {text(column)} END"


def flag(column):
  return (f"CASE WHEN lower({text(column)}) IN ('1', '1.0', 't', 'true', 'y', 'yes') THEN 1 "
          f"WHEN lower({text(column)}) IN ('0', '0.0', 'f', 'false', 'n', 'no') THEN 0 END")


def key(column="internalid"):
  trimmed = f"trim({column})"
  return f"CASE WHEN ends_with({trimmed}, '.0') THEN left({trimmed}, -2) ELSE {trimmed} END"


FLAGS = {
  "feat_taxable": "ns_taxable", "feat_named_account_cad": "ns_cad_named_account",
  "feat_named_account_sim": "ns_sim_named_account", "feat_named_account_am": "ns_am_named_account",
  "feat_named_account_electrical": "ns_electrical_named_account",
  "feat_strategic_account": "ns_strategic_account",
}
HISTORY = {
  "cat_terms_value": text("ns_terms_value"), "cat_stage": field("ns_stage_value"),
  "cat_status": field("ns_entity_status_value"),
  "cat_territory_standardized": text("ns_standardized_territory"),
  "cat_territory_name": text("ns_territory_name"), "cat_region": text("ns_region"),
}
CATEGORIES = ["cat_lead_source", *HISTORY]


def load(connection, data, category, day=None):
  """Typed tables, keyed by entity number: what is known on a day, or all of it.

  `category(name, sql, relation)` is the SQL of a category's column. One day reads the activities twice,
  which costs less than to keep them: they are a view then.
  """
  relation = "curated.dim_ns_customer"
  source = "coalesce(nullif(trim(ns_lead_source_name), ''), nullif(trim(ns_lead_source), ''))"
  created = text("ns_date_created")
  connection.execute(f"ATTACH '{data}/netsuite.duckdb' AS curated (READ_ONLY)")
  connection.execute(f"""
    CREATE TABLE customers AS
    SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS entity, key,
      coalesce(CAST(try_cast({created} AS TIMESTAMPTZ) AS DATE),
        CAST(try_strptime({created}, ['%m/%d/%Y', '%m/%d/%Y %I:%M %p']) AS DATE)) AS created,
      ns_first_cre_date AS cre, ns_first_cpe_date AS cpe, ns_first_hw_date AS hw,
      ns_first_3dx_date AS dx, {category('cat_lead_source', source, relation)} AS cat_lead_source
    FROM (SELECT *, {key()} AS key FROM {relation}
      QUALIFY row_number() OVER (PARTITION BY key ORDER BY ns_last_modified DESC NULLS LAST) = 1)
    ORDER BY entity""")
  file = f"'{data}/dim_ns_customer_history.parquet'"
  presence = ", ".join(
    f"CAST({text('ns_' + name)} IS NOT NULL AS TINYINT) AS {name}"
    for name in ["email", "phone", "url", "weblead", "known_competitor"])
  flags = ", ".join(f"CAST({flag(column)} AS TINYINT) AS {name}" for name, column in FLAGS.items())
  levels = ", ".join(f"{category(name, sql, file)} AS {name}" for name, sql in HISTORY.items())
  holds = f"valid_from <= DATE '{day}' AND (valid_to IS NULL OR valid_to > DATE '{day}')"
  connection.execute(f"""
    CREATE TABLE history AS
    SELECT entity, valid_from, valid_to, CAST(ns_last_modified AS DATE) AS modified,
      {flag('ns_is_inactive')} AS inactive, {presence}, {flags}, {levels}
    FROM {file} AS h JOIN customers ON customers.key = {key('h.internalid')}
    {f'WHERE {holds}' if day else 'ORDER BY entity'}""")
  known = f"activity_date <= DATE '{day}' AND CAST(logged_at AS DATE) <= DATE '{day}'"
  connection.execute(f"""
    CREATE {'VIEW' if day else 'TABLE'} activities AS
    SELECT entity, activity_date AS day, CAST(logged_at AS DATE) AS known, kind, minutes, amount
    FROM '{data}/activities.parquet' AS a JOIN customers ON customers.key = {key('a.internalid')}
    {f'WHERE {known}' if day else 'ORDER BY day'}""")


def panel_sql(day, missing):
  """Entity, label and features of a cutoff's cohort; `missing` has the value of a missing level, as SQL."""
  day, end = f"DATE '{day}'", f"DATE '{month_end(day, HORIZON)}'"
  happened = ", ".join(
    f"CAST(coalesce({c} <= {day}, false) AS TINYINT) AS feat_has_{n}_history"
    for n, c in [("cpe", "cpe"), ("hw", "hw"), ("3dx", "dx")])
  since = ", ".join(
    f"CASE WHEN {c} <= {day} THEN {day} - {c} END AS feat_days_since_first_{n}"
    for n, c in [("cpe", "cpe"), ("hw", "hw"), ("3dx", "dx")])
  presence = ", ".join(
    f"coalesce({n}, 0) AS feat_has_{n}" for n in ["email", "phone", "url", "weblead"])
  categories = ", ".join(
    "cat_lead_source" if n == "cat_lead_source" else f"coalesce({n}, {missing[n]}) AS {n}"
    for n in CATEGORIES)

  def within(days, value="count(*)", where="true"):
    return f"{value} FILTER (WHERE day > {day} - {days} AND {where})"

  meetings = "kind IN ('meeting', 'demo')"
  recent = {
    "activities_30d": within(30), "activities_90d": within(90), "activities_365d": "count(*)",
    "calls_90d": within(90, where="kind = 'call'"), "calls_365d": within(365, where="kind = 'call'"),
    "meetings_90d": within(90, where=meetings), "meetings_365d": within(365, where=meetings),
    "quotes_90d": within(90, where="kind = 'quote'"),
    "quotes_365d": within(365, where="kind = 'quote'"),
    "activity_kinds": within(180, "count(DISTINCT kind)"),
    "minutes_90d": within(90, "sum(minutes)"), "minutes_365d": "sum(minutes)",
    "mean_minutes": "sum(minutes) / nullif(count(minutes), 0)", "largest_quote": "max(amount)",
  }
  kept = {"mean_minutes", "largest_quote"}   # null without rows; all others are 0
  activities = [
    name if name in kept else f"coalesce({name}, 0)" for name in recent]
  named = [f"{sql} AS feat_{name}" for sql, name in zip(activities, recent)]
  named.insert(3, "coalesce(activities_all, 0) AS feat_activities_all")
  return f"""
    WITH recent AS (
      SELECT entity, {', '.join(f'{sql} AS {name}' for name, sql in recent.items())}
      FROM activities WHERE day > {day} - 365 AND day <= {day} AND known <= {day} GROUP BY entity),
    ever AS (
      SELECT entity, count(*) AS activities_all, {day} - max(day) AS since
      FROM activities WHERE day <= {day} AND known <= {day} GROUP BY entity)
    SELECT entity, CAST(coalesce(cre > {day} AND cre <= {end}, false) AS TINYINT) AS label,
      {day} - created AS feat_account_age_days, {day} - modified AS feat_days_since_last_activity,
      {presence}, coalesce(email + phone + url, 0) AS feat_contact_score, {happened}, {since},
      feat_taxable, coalesce(known_competitor, 0) AS feat_known_competitor,
      {', '.join(name for name in FLAGS if name != 'feat_taxable')}, {categories},
      {', '.join(named)}, since AS feat_days_since_last_contact
    FROM customers
    LEFT JOIN (SELECT * FROM history WHERE valid_from <= {day}
      AND (valid_to IS NULL OR valid_to > {day})) AS history USING (entity)
    LEFT JOIN recent USING (entity) LEFT JOIN ever USING (entity)
    WHERE created <= {day} AND NOT coalesce(cre <= {day}, false) AND coalesce(inactive, 0) = 0
    ORDER BY entity"""
