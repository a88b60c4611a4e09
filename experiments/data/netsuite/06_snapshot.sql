-- Today's snapshot: the last version of every account, as in a nightly export.

-- Hazard "time zones and mixed date formats". The written day is the day of creation.
CREATE OR REPLACE TEMP MACRO created_text(moment, u) AS
  CASE
    WHEN u < 0.002 THEN ''
    WHEN u < 0.004 THEN NULL
    WHEN u < 0.15 THEN strftime(moment, '%Y-%m-%d')
    WHEN u < 0.60 THEN strftime(moment, '%Y-%m-%d %H:%M:%S')
    WHEN u < 0.72 THEN strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ')
    WHEN u < 0.84 THEN strftime(moment, '%Y-%m-%dT%H:%M:%S') || '-07:00'
    WHEN u < 0.94 THEN strftime(moment, '%m/%d/%Y')
    ELSE strftime(moment, '%-m/%-d/%Y %-I:%M %p')
  END;

CREATE OR REPLACE TEMP TABLE snapshot AS
WITH
  -- The current row of every account. A clean-up has edited one prospect in three and nearly every buyer again.
  -- Hazard "last_modified is overwritten in place": for a buyer it is after the purchase.
  current_rows AS (
    SELECT
      history.*,
      0 AS copy,
      data_through AS known_until,
      least(
        ns_last_modified + if(
          draw(account, 'touched', 0) < if(bought_on IS NULL, 0.33, 0.90),
          to_seconds(floor((data_through - valid_from) * 86400 * draw(account, 'touched', 1))::BIGINT),
          to_seconds(0)
        ),
        data_through + to_seconds(86399)
      ) AS touched_at
    FROM history
    JOIN turning_points USING (account)
    CROSS JOIN parameters
    WHERE valid_to IS NULL
  ),
  -- Hazard "duplicate ids": a stale twin with the previous version, an older ns_last_modified, and only
  -- the purchases known by then.
  stale_versions AS (
    SELECT account, max(version) - 1 AS version
    FROM versions
    CROSS JOIN parameters
    WHERE draw(account, 'duplicate', 0) < duplicate_share
    GROUP BY account
  ),
  stale_rows AS (
    SELECT history.*, 1 AS copy, history.valid_to - 1 AS known_until, history.ns_last_modified AS touched_at
    FROM history
    JOIN stale_versions USING (account, version)
  )
SELECT
  id_text(rows.internal_id, draw(account, 'snapshot dot zero', copy), dot_zero_share) AS internalid,
  entity AS ns_entityid,
  company AS ns_companyname,
  created_text(
    created_on + to_seconds(floor(86400 * draw(account, 'created time', 0))::INTEGER) + to_milliseconds(account % 1000),
    draw(account, 'created format', 0)
  ) AS ns_date_created,
  touched_at AS ns_last_modified,
  if(bought_on <= known_until, bought_on, NULL) AS ns_first_cre_date,
  if(cpe_on <= known_until, cpe_on, NULL) AS ns_first_cpe_date,
  if(hw_on <= known_until, hw_on, NULL) AS ns_first_hw_date,
  if(first_3dx_on <= known_until, first_3dx_on, NULL) AS ns_first_3dx_date,
  ns_is_inactive,
  ns_stage,
  ns_stage_value,
  -- A few statuses arrive as JSON too.
  if(
    draw(account, 'status format', 0) < 0.03,
    '{"value":"' || ns_entity_status_value || '"}',
    ns_entity_status_value
  ) AS ns_entity_status_value,
  ns_account_type,
  ns_standardized_territory,
  ns_territory_name,
  ns_region,
  ns_email,
  ns_phone,
  ns_url,
  ns_weblead,
  lead_source_id AS ns_lead_source,
  -- Some names are missing. The id never is.
  if(draw(account, 'source name', 0) < 0.01, NULL, lead_source_name) AS ns_lead_source_name,
  ns_terms_value,
  ns_taxable,
  ns_known_competitor,
  ns_cad_named_account,
  ns_sim_named_account,
  ns_am_named_account,
  ns_electrical_named_account,
  ns_strategic_account,
  ns_top_50,
  ns_salesrep_name,
  ns_inside_salesrep_name
FROM (SELECT * FROM current_rows UNION ALL SELECT * FROM stale_rows) AS rows
JOIN accounts USING (account)
JOIN names USING (account)
JOIN lead_sources USING (source_no)
LEFT JOIN purchases USING (account)
CROSS JOIN parameters
ORDER BY rows.internal_id, copy;

COPY (SELECT * FROM snapshot ORDER BY rowid)
TO (getvariable('out') || '/dim_ns_customer.parquet') (FORMAT parquet, COMPRESSION zstd);

-- The curated database has the same rows.
ATTACH (getvariable('out') || '/netsuite.duckdb') AS netsuite;

CREATE OR REPLACE TABLE netsuite.dim_ns_customer AS
SELECT * FROM snapshot ORDER BY rowid;

DETACH netsuite;
