-- The panel at the published size, as one would write it by hand for DuckDB's own shell: the same columns, values, types
-- and order as `holdout panel` for the spec that common.sh writes. Run it in a project folder; it writes sql.parquet there.
ATTACH 'data/netsuite/netsuite.duckdb' AS curated (READ_ONLY);

CREATE MACRO filled(t) AS nullif(trim(t, ' '), '');
CREATE MACRO key_of(t) AS CASE WHEN ends_with(trim(t, ' '), '.0') THEN left(trim(t, ' '), -2) ELSE trim(t, ' ') END;
-- The value of {"value": "Prospect"}, or the text itself.
CREATE MACRO field(t) AS
  CASE WHEN ltrim(t) LIKE '{%' AND json_valid(t) THEN filled(json_extract_string(t, '$.value')) ELSE filled(t) END;
CREATE MACRO flag(t) AS CAST(CASE
  WHEN lower(filled(t)) IN ('1', '1.0', 't', 'true', 'y', 'yes') THEN 1
  WHEN lower(filled(t)) IN ('0', '0.0', 'f', 'false', 'n', 'no') THEN 0 END AS TINYINT);

-- One row per account: the duplicate edited last, in the order of the keys, which the panel keeps.
CREATE TEMP TABLE customers AS
SELECT CAST(row_number() OVER (ORDER BY key) AS INTEGER) AS entity, key,
  coalesce(CAST(try_cast(filled(ns_date_created) AS TIMESTAMPTZ) AS DATE),
    CAST(try_strptime(filled(ns_date_created), ['%m/%d/%Y', '%m/%d/%Y %I:%M %p']) AS DATE)) AS created,
  ns_first_cre_date AS cre, ns_first_cpe_date AS cpe, ns_first_hw_date AS hw, ns_first_3dx_date AS dx,
  filled(coalesce(filled(ns_lead_source_name), ns_lead_source)) AS lead_source
FROM (SELECT *, key_of(internalid) AS key FROM curated.dim_ns_customer
  QUALIFY row_number() OVER (PARTITION BY key ORDER BY ns_last_modified DESC NULLS LAST) = 1)
ORDER BY entity;

CREATE TEMP TABLE history AS
SELECT entity, valid_from, valid_to, CAST(ns_last_modified AS DATE) AS modified,
  flag(ns_is_inactive) AS inactive,
  CAST(filled(ns_email) IS NOT NULL AS TINYINT) AS email, CAST(filled(ns_phone) IS NOT NULL AS TINYINT) AS phone,
  CAST(filled(ns_url) IS NOT NULL AS TINYINT) AS url, CAST(filled(ns_weblead) IS NOT NULL AS TINYINT) AS weblead,
  CAST(filled(ns_known_competitor) IS NOT NULL AS TINYINT) AS competitor,
  flag(ns_taxable) AS taxable, flag(ns_cad_named_account) AS cad, flag(ns_sim_named_account) AS sim,
  flag(ns_am_named_account) AS am, flag(ns_electrical_named_account) AS electrical,
  filled(ns_terms_value) AS terms, field(ns_stage_value) AS stage, field(ns_entity_status_value) AS status,
  filled(ns_standardized_territory) AS territory, filled(ns_territory_name) AS territory_name, filled(ns_region) AS region
FROM 'data/netsuite/dim_ns_customer_history.parquet' AS h JOIN customers ON customers.key = key_of(h.internalid)
ORDER BY entity;

CREATE TEMP TABLE cutoffs (day DATE, part VARCHAR);
INSERT INTO cutoffs VALUES
  (DATE '2021-11-30', 'train'), (DATE '2021-12-31', 'train'), (DATE '2022-01-31', 'train'),
  (DATE '2022-02-28', 'train'), (DATE '2022-03-31', 'train'), (DATE '2022-04-30', 'train'),
  (DATE '2022-05-31', 'train'), (DATE '2022-06-30', 'train'), (DATE '2022-07-31', 'train'),
  (DATE '2022-08-31', 'train'), (DATE '2022-09-30', 'train'), (DATE '2022-10-31', 'train'),
  (DATE '2022-11-30', 'train'), (DATE '2022-12-31', 'train'), (DATE '2023-01-31', 'train'),
  (DATE '2023-02-28', 'train'), (DATE '2023-03-31', 'train'), (DATE '2023-04-30', 'train'),
  (DATE '2023-05-31', 'train'), (DATE '2023-06-30', 'train'), (DATE '2023-07-31', 'train'),
  (DATE '2023-08-31', 'train'), (DATE '2023-09-30', 'train'), (DATE '2023-10-31', 'train'),
  (DATE '2024-04-30', 'calibrate'), (DATE '2024-05-31', 'calibrate'), (DATE '2024-06-30', 'calibrate'),
  (DATE '2024-12-31', 'test'), (DATE '2025-01-31', 'test'), (DATE '2025-02-28', 'test');

-- The cohorts as of their days. One query over all cutoffs, sorted at the end, takes a third less CPU time
-- than one query per cutoff, joined by UNION ALL or inserted one by one.
COPY (
SELECT key, day AS cutoff, part AS role,
  CAST(coalesce(cre > day AND cre <= last_day(day + INTERVAL 6 MONTH), false) AS TINYINT) AS label,
  CAST(day - created AS INTEGER) AS feat_account_age_days,
  CAST(day - modified AS INTEGER) AS feat_days_since_last_activity,
  coalesce(email, 0::TINYINT) AS feat_has_email, coalesce(phone, 0::TINYINT) AS feat_has_phone,
  coalesce(url, 0::TINYINT) AS feat_has_url, coalesce(weblead, 0::TINYINT) AS feat_has_weblead,
  CAST(coalesce(email + phone + url, 0) AS INTEGER) AS feat_contact_score,
  CAST(coalesce(cpe <= day, false) AS TINYINT) AS feat_has_cpe_history,
  CAST(coalesce(hw <= day, false) AS TINYINT) AS feat_has_hw_history,
  CAST(coalesce(dx <= day, false) AS TINYINT) AS feat_has_3dx_history,
  CAST(CASE WHEN cpe <= day THEN day - cpe END AS INTEGER) AS feat_days_since_first_cpe,
  CAST(CASE WHEN hw <= day THEN day - hw END AS INTEGER) AS feat_days_since_first_hw,
  CAST(CASE WHEN dx <= day THEN day - dx END AS INTEGER) AS feat_days_since_first_3dx,
  taxable AS feat_taxable, coalesce(competitor, 0::TINYINT) AS feat_known_competitor,
  cad AS feat_named_account_cad, sim AS feat_named_account_sim, am AS feat_named_account_am,
  electrical AS feat_named_account_electrical,
  lead_source AS cat_lead_source, terms AS cat_terms_value, stage AS cat_stage, status AS cat_status,
  territory AS cat_territory_standardized, territory_name AS cat_territory_name, region AS cat_region
FROM customers CROSS JOIN cutoffs
LEFT JOIN history ON history.entity = customers.entity AND valid_from <= day AND (valid_to IS NULL OR valid_to > day)
WHERE created <= day AND NOT coalesce(cre <= day, false) AND coalesce(inactive, 0) = 0
ORDER BY day, customers.entity
) TO 'sql.parquet' (FORMAT parquet, COMPRESSION zstd);
