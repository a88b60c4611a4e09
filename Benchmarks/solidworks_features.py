"""The tables and features of experiments/solidworks.yaml in DuckDB's SQL, shared by the scripts."""

import datetime

HORIZON = 6


def month_end(day, months):
  """The last day of the month that many months later."""
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
PRESENCE = ["email", "phone", "url", "weblead"]
PURCHASES = {"cpe": "cpe", "hw": "hw", "3dx": "dx"}
# The feature sets of experiments/bases/netsuite.yaml, without features of SolidWorks' own purchases.
SETS = {
  "account": ["feat_account_age_days", "feat_days_since_last_activity",
              *[f"feat_has_{name}" for name in PRESENCE], "feat_contact_score"],
  "cross_division": [*[f"feat_has_{name}_history" for name in PURCHASES],
                     *[f"feat_days_since_first_{name}" for name in PURCHASES]],
  "profile": ["feat_taxable", "feat_known_competitor", *[name for name in FLAGS if name != "feat_taxable"]],
  "pipeline": ["cat_lead_source", "cat_terms_value", "cat_stage", "cat_status"],
  "territory": ["cat_territory_standardized", "cat_territory_name", "cat_region"],
  "engagement": [
    *[f"feat_activities_{days}" for days in ["30d", "90d", "365d", "all"]],
    *[f"feat_{name}_{days}" for name in ["calls", "meetings", "quotes"] for days in ["90d", "365d"]],
    "feat_activity_kinds", "feat_minutes_90d", "feat_minutes_365d", "feat_mean_minutes",
    "feat_largest_quote", "feat_days_since_last_contact"],
}
FEATURES = [name for names in SETS.values() for name in names]


def load(connection, data, category, day=None, activities=True):
  """Typed tables, keyed by entity number: everything known on a day, or all rows.

  `category(name, sql, relation)` is the SQL of a category's column. For a single day the activities are a view,
  because reading them twice costs less than storing them. Without `activities` they are not read at all.
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
  if not activities:
    return
  connection.execute("CREATE TYPE kinds AS ENUM ('call', 'demo', 'email', 'meeting', 'quote')")
  known = f"activity_date <= DATE '{day}' AND CAST(logged_at AS DATE) <= DATE '{day}'"
  connection.execute(f"""
    CREATE {'VIEW' if day else 'TABLE'} activities AS
    SELECT entity, activity_date AS day, CAST(logged_at AS DATE) AS known, CAST(kind AS kinds) AS kind,
      minutes, amount
    FROM '{data}/activities.parquet' AS a JOIN customers ON customers.key = {key('a.internalid')}
    {f'WHERE {known}' if day else 'ORDER BY day'}""")


def recent_sql(day):
  """Aggregates of an account's activities in the year before a day, by feature name."""
  def within(days, value="count(*)", where="true"):
    return f"{value} FILTER (WHERE day > {day} - {days} AND {where})"

  meetings = "kind IN ('meeting', 'demo')"
  return {
    "activities_30d": within(30), "activities_90d": within(90), "activities_365d": "count(*)",
    "calls_90d": within(90, where="kind = 'call'"), "calls_365d": within(365, where="kind = 'call'"),
    "meetings_90d": within(90, where=meetings), "meetings_365d": within(365, where=meetings),
    "quotes_90d": within(90, where="kind = 'quote'"),
    "quotes_365d": within(365, where="kind = 'quote'"),
    # Five kinds fit into the bits of a byte, and counting bits is much faster than counting distinct values.
    "activity_kinds": f"bit_count({within(180, 'bit_or(CAST(1 << enum_code(kind) AS UTINYINT))')})",
    "minutes_90d": within(90, "sum(minutes)"), "minutes_365d": "sum(minutes)",
    "mean_minutes": "sum(minutes) / nullif(count(minutes), 0)", "largest_quote": "max(amount)",
  }


def panel_sql(day, missing, features=FEATURES):
  """Entity, label and features of a cutoff's cohort; `missing` has the value of a missing level, as SQL.

  Features come in the requested order, in the narrowest type that fits.
  """
  day, end = f"DATE '{day}'", f"DATE '{month_end(day, HORIZON)}'"
  columns = {
    "feat_account_age_days": f"CAST({day} - created AS INTEGER)",
    "feat_days_since_last_activity": f"CAST({day} - modified AS INTEGER)",
    "feat_contact_score": "coalesce(email + phone + url, 0)",
    "feat_known_competitor": "coalesce(known_competitor, 0)",
    "feat_activities_all": "CAST(coalesce(activities_all, 0) AS INTEGER)",
    "feat_days_since_last_contact": "CAST(since AS INTEGER)",
    "cat_lead_source": "cat_lead_source",
  }
  columns |= {f"feat_has_{name}": f"coalesce({name}, 0)" for name in PRESENCE}
  for name, column in PURCHASES.items():
    columns[f"feat_has_{name}_history"] = f"CAST(coalesce({column} <= {day}, false) AS TINYINT)"
    columns[f"feat_days_since_first_{name}"] = (
      f"CAST(CASE WHEN {column} <= {day} THEN {day} - {column} END AS INTEGER)")
  columns |= {name: name for name in FLAGS}
  columns |= {name: f"coalesce({name}, {missing[name]})" for name in HISTORY}
  recent = {name: sql for name, sql in recent_sql(day).items() if f"feat_{name}" in features}
  for name in recent:   # null without rows; the others are 0
    kept = name in ("mean_minutes", "largest_quote")
    columns[f"feat_{name}"] = name if kept else f"CAST(coalesce({name}, 0) AS INTEGER)"

  tables, joins = [], ""
  if recent:
    aggregates = ", ".join(f"{sql} AS {name}" for name, sql in recent.items())
    tables.append(f"""recent AS (
      SELECT entity, {aggregates}
      FROM activities WHERE day > {day} - 365 AND day <= {day} AND known <= {day} GROUP BY entity)""")
    joins += " LEFT JOIN recent USING (entity)"
  if not {"feat_activities_all", "feat_days_since_last_contact"}.isdisjoint(features):
    tables.append(f"""ever AS (
      SELECT entity, count(*) AS activities_all, {day} - max(day) AS since
      FROM activities WHERE day <= {day} AND known <= {day} GROUP BY entity)""")
    joins += " LEFT JOIN ever USING (entity)"
  return f"""
    {'WITH ' if tables else ''}{', '.join(tables)}
    SELECT entity, CAST(coalesce(cre > {day} AND cre <= {end}, false) AS TINYINT) AS label,
      {', '.join(f'{columns[name]} AS {name}' for name in features)}
    FROM customers
    LEFT JOIN (SELECT * FROM history WHERE valid_from <= {day}
      AND (valid_to IS NULL OR valid_to > {day})) AS history USING (entity){joins}
    WHERE created <= {day} AND NOT coalesce(cre <= {day}, false) AND coalesce(inactive, 0) = 0
    ORDER BY entity"""
