-- The CRM's versioned history: its values, and the day from which each is valid.
--
-- Before a purchase, every version follows from the account, the regime up to that day, or the calendar.
-- Only the columns set during a sale depend on the purchase date, and nearly all of them are set on that day or later.

-- When the CRM records a regime: within its first month, or for 5 % a month late. If the next record comes
-- before a late one, the late one is never written. Closing an account is recorded at once.
CREATE OR REPLACE TEMP TABLE status_notes AS
WITH
  noted AS (
    SELECT
      account,
      spell,
      regime,
      CASE
        WHEN spell = 0 THEN created_on
        WHEN regime < 3 AND draw(account, 'late note', spell) < 0.05
          THEN month_start(from_month + 1) + floor(28 * draw(account, 'note day', spell))::INTEGER
        ELSE month_start(from_month) + floor(28 * draw(account, 'note day', spell))::INTEGER
      END AS noted_on
    FROM spells
    JOIN accounts USING (account)
  ),
  followed AS (
    SELECT *, lead(noted_on) OVER (PARTITION BY account ORDER BY spell) AS next_noted_on
    FROM noted
  )
SELECT
  account,
  regime,
  noted_on,
  CASE regime
    WHEN 0 THEN
      CASE
        WHEN u < 0.55 THEN 'LEAD-Lead'
        WHEN u < 0.70 THEN 'LEAD-Unqualified'
        WHEN u < 0.98 THEN 'PROSPECT-Prospect'
        ELSE 'PROSPECT-D  ACE Identified: 5%'
      END
    WHEN 1 THEN
      CASE
        WHEN u < 0.03 THEN 'PROSPECT-Prospect'
        WHEN u < 0.30 THEN 'PROSPECT-D  ACE Identified: 5%'
        WHEN u < 0.70 THEN 'PROSPECT-C  ACE Contact Made: 10%'
        ELSE 'PROSPECT-B  ACE Evaluation: 25%'
      END
    WHEN 2 THEN
      CASE
        WHEN u < 0.05 THEN 'PROSPECT-B  ACE Evaluation: 25%'
        WHEN u < 0.75 THEN 'PROSPECT-A  ACE Power Promoter: 50%'
        ELSE 'PROSPECT-A  ACE Verbal Commitment: 75%'
      END
    ELSE if(u < 0.8, 'PROSPECT-Out of Business', 'LEAD-Disqualified')
  END AS status,
  -- One hot record in eight is followed by a credit check ten days later, whether or not there is a sale.
  if(regime = 2 AND draw(account, 'credit check', spell) < 0.12, noted_on + 10, NULL) AS credit_check_on
FROM (SELECT *, draw(account, 'status', spell) AS u FROM followed)
CROSS JOIN parameters
WHERE noted_on <= data_through
  AND (next_noted_on IS NULL OR noted_on < next_noted_on);

-- All days on which something about an account changes; null: never.
CREATE OR REPLACE TEMP TABLE turning_points AS
WITH
  from_notes AS (
    SELECT account, min(credit_check_on) AS credit_check_on, min(noted_on) FILTER (regime = 3) AS closed_on
    FROM status_notes
    GROUP BY account
  ),
  -- Hazards "buyers become CUSTOMER" and "terms and flags set during the sale". Status follows the purchase by
  -- up to a week. Terms change 5 days before it to 45 days after (12 % before), named-account flags 3 days before
  -- to 60 days after (8 % before). Legacy customers have all of it from creation on.
  sales AS (
    SELECT
      account,
      bought_on,
      if(is_legacy, created_on, bought_on + floor(8 * draw(account, 'customer status', 0))::INTEGER) AS customer_on,
      if(is_legacy, created_on, least(
        data_through,
        greatest(created_on, bought_on + if(
          draw(account, 'sale terms', 0) < 0.12,
          -1 - floor(5 * draw(account, 'sale terms', 1))::INTEGER,
          floor(46 * draw(account, 'sale terms', 1))::INTEGER
        ))
      )) AS sale_terms_on,
      if(is_legacy, created_on, greatest(created_on, bought_on + if(
        draw(account, 'sale flags', 0) < 0.08,
        -1 - floor(3 * draw(account, 'sale flags', 1))::INTEGER,
        floor(61 * draw(account, 'sale flags', 1))::INTEGER
      ))) AS sale_flags_on,
      if(is_legacy, created_on, bought_on + floor(11 * draw(account, 'sale contact', 0))::INTEGER) AS sale_contact_on
    FROM purchases
    JOIN accounts USING (account)
    CROSS JOIN parameters
  )
SELECT
  account,
  created_on,
  bought_on,
  customer_on,
  sale_terms_on,
  sale_flags_on,
  sale_contact_on,
  credit_check_on,
  closed_on,
  least(cpe_on, hw_on, first_3dx_on) AS division_terms_on,
  if(kind IS NOT NULL AND created_on < reorganised_on, reorganised_on, NULL) AS reorganised_on,
  if(
    draw(account, 'new email', 0) < 0.15,
    created_on + 100 + floor(2400 * draw(account, 'new email', 1))::INTEGER,
    NULL
  ) AS new_email_on,
  if(
    draw(account, 'new rep', 0) < 0.35,
    created_on + 200 + floor(2600 * draw(account, 'new rep', 1))::INTEGER,
    NULL
  ) AS new_rep_on
FROM accounts
JOIN places USING (place_no)
LEFT JOIN former_places USING (territory)
LEFT JOIN from_notes USING (account)
LEFT JOIN sales USING (account)
CROSS JOIN parameters;

-- One version per account and day of change. The last record up to that day gives its status.
CREATE OR REPLACE TEMP TABLE versions AS
WITH
  changes AS (
    SELECT account, noted_on AS valid_from FROM status_notes
    UNION
    SELECT account, unnest([
      customer_on, sale_terms_on, sale_flags_on, sale_contact_on, credit_check_on, division_terms_on,
      reorganised_on, new_email_on, new_rep_on
    ])
    FROM turning_points
  ),
  ordered AS (
    SELECT
      account,
      valid_from,
      lead(valid_from) OVER by_day AS valid_to,
      row_number() OVER by_day AS version
    FROM changes
    CROSS JOIN parameters
    WHERE valid_from <= data_through
    WINDOW by_day AS (PARTITION BY account ORDER BY valid_from)
  )
SELECT ordered.*, status
FROM ordered
ASOF JOIN status_notes ON ordered.account = status_notes.account AND ordered.valid_from >= status_notes.noted_on;

-- Constant columns without any effect.
CREATE OR REPLACE TEMP TABLE names AS
WITH
  companies AS (
    SELECT
      account,
      internal_id,
      (['Summit', 'Granite', 'Pioneer', 'Blue River', 'Liberty', 'Apex', 'Cedar', 'Harbor', 'Northern', 'Precision',
        'Allied', 'Titan', 'Keystone', 'Lakeside', 'Vector', 'Union', 'Falcon', 'Sterling', 'Delta', 'Evergreen']
      )[1 + floor(20 * draw(account, 'company', 0))::INTEGER]
        || ' ' ||
      (['Machine', 'Tool', 'Robotics', 'Medical', 'Plastics', 'Aerospace', 'Fabrication', 'Controls', 'Molding',
        'Engineering', 'Instruments', 'Packaging', 'Automation', 'Castings', 'Design', 'Systems']
      )[1 + floor(16 * draw(account, 'company', 1))::INTEGER]
        || ' ' ||
      (['Inc', 'LLC', 'Corp', 'Co', 'Works', 'Group'])[1 + floor(6 * draw(account, 'company', 2))::INTEGER] AS company
    FROM accounts
  )
SELECT
  account,
  company,
  internal_id || ' ' || company AS entity,
  lower(replace(company, ' ', '')) || internal_id AS domain,
  (200 + floor(800 * draw(account, 'phone number', 0)))::INTEGER || '-555-'
    || lpad(floor(10000 * draw(account, 'phone number', 1))::INTEGER::VARCHAR, 4, '0') AS phone
FROM companies;

CREATE OR REPLACE TEMP MACRO rep_name(rep_no) AS
  (['Avery', 'Blake', 'Casey', 'Dana', 'Elliot', 'Frances', 'Gale', 'Harper', 'Indra', 'Jordan', 'Kelly']
  )[1 + rep_no % 11]
    || ' ' ||
  (['Abbott', 'Bauer', 'Cruz', 'Diaz', 'Evans', 'Fischer', 'Garcia', 'Huang', 'Ito', 'Jones', 'Keller', 'Lopez',
    'Moore']
  )[1 + rep_no % 13];

-- Hazard "'' and NULL both mean none": which of the two is drawn per version.
CREATE OR REPLACE TEMP MACRO none_text(u) AS if(u < 0.5, '', NULL);

-- The versions, with all columns in the CRM's spelling.
CREATE OR REPLACE TEMP VIEW history AS
WITH
  states AS (
    SELECT
      versions.*,
      accounts.* EXCLUDE (account),
      names.* EXCLUDE (account),
      places.territory,
      places.territory_name,
      places.region,
      former_places.* EXCLUDE (territory),
      sale_terms_on,
      credit_check_on,
      division_terms_on,
      coalesce(valid_from >= customer_on, false) AS is_customer,
      coalesce(valid_from >= sale_flags_on, false) AS after_sale_flags,
      coalesce(valid_from >= sale_contact_on AND draw(account, 'contact filled', 0) < 0.8, false) AS contact_filled,
      coalesce(valid_from >= closed_on, false) AS is_closed,
      coalesce(closed_on <= parameters.reorganised_on, false) AS closed_before_reorganisation,
      valid_from < parameters.reorganised_on AND kind IS NOT NULL AS before_reorganisation,
      coalesce(valid_from >= new_email_on, false) AS has_new_email,
      coalesce(valid_from >= new_rep_on, false)::INTEGER
        + coalesce(valid_from >= turning_points.reorganised_on, false)::INTEGER AS rep_turn,
      CASE
        WHEN child_draw < 0.35 THEN ''
        WHEN child_draw < 0.65 THEN ' - North'
        WHEN child_draw < 0.94 THEN ' - South'
        WHEN place_no BETWEEN 0 AND 13 THEN ' - East'
        ELSE ''
      END AS child
    FROM versions
    JOIN accounts USING (account)
    JOIN names USING (account)
    JOIN turning_points USING (account)
    JOIN places USING (place_no)
    LEFT JOIN former_places USING (territory)
    CROSS JOIN parameters
  )
SELECT
  account,
  version,
  internal_id,
  valid_from,
  valid_to,
  -- Hazard "retired territories": accounts closed before a split stay on the "zz" name. Parents and children
  -- of a territory coexist at all times.
  CASE
    WHEN before_reorganisation AND kind = 'merged' THEN former_territory
    WHEN before_reorganisation AND kind = 'renamed' THEN former_territory || child
    WHEN kind = 'merged' AND closed_before_reorganisation THEN 'zz' || former_name
    WHEN place_no = -1 THEN territory
    ELSE territory || child
  END AS ns_standardized_territory,
  CASE
    WHEN before_reorganisation THEN former_name
    WHEN kind = 'merged' AND closed_before_reorganisation THEN 'zz' || former_name
    ELSE territory_name
  END AS ns_territory_name,
  if(before_reorganisation, former_region, region) AS ns_region,
  stage_text(stage, draw(account, 'stage format', 0)) AS ns_stage,
  CASE
    WHEN draw(account, 'stage value format', 0) < 0.70 THEN stage
    WHEN draw(account, 'stage value format', 0) < 0.90
      THEN stage_text(stage, draw(account, 'stage value format', 1) * 0.45)
  END AS ns_stage_value,
  shown_status AS ns_entity_status_value,
  if(is_customer, 'customer', 'prospect') AS ns_account_type,
  -- Hazard "null only for open accounts": every customer has terms, an open account only after a credit check
  -- or a purchase in another division.
  CASE
    WHEN valid_from >= sale_terms_on THEN sale_terms.terms_value
    WHEN valid_from >= division_terms_on THEN division_terms.terms_value
    WHEN valid_from >= credit_check_on THEN 'Required Credit Check'
    ELSE none_text(draw(account, 'no terms', version))
  END AS ns_terms_value,
  flag_text(
    is_closed AND draw(account, 'inactive', 0) < 0.9,
    draw(account, 'inactive format', version)
  ) AS ns_is_inactive,
  CASE
    WHEN has_email OR contact_filled THEN if(has_new_email, 'contact', 'info') || '@' || domain || '.example'
    ELSE none_text(draw(account, 'no email', version))
  END AS ns_email,
  if(has_phone OR contact_filled, phone, none_text(draw(account, 'no phone', version))) AS ns_phone,
  if(
    has_url OR contact_filled,
    'https://www.' || domain || '.example/',
    none_text(draw(account, 'no url', version))
  ) AS ns_url,
  CASE
    WHEN draw(account, 'weblead', 0) < 0.01 THEN NULL
    WHEN channel = 'Web Inbound' OR draw(account, 'weblead', 1) < 0.05 THEN 'T'
    ELSE 'F'
  END AS ns_weblead,
  if(is_taxable, if(draw(account, 'taxable format', 0) < 0.3, '1.0', '1'), '0') AS ns_taxable,
  coalesce(competitor, none_text(draw(account, 'no competitor', version))) AS ns_known_competitor,
  flag_text(
    is_cad_named OR after_sale_flags AND draw(account, 'cad named', 1) < 0.45,
    0.15 + draw(account, 'cad format', 0)
  ) AS ns_cad_named_account,
  flag_text(
    is_sim_named OR after_sale_flags AND draw(account, 'sim named', 1) < 0.15,
    0.15 + draw(account, 'sim format', 0)
  ) AS ns_sim_named_account,
  flag_text(
    is_am_named OR after_sale_flags AND draw(account, 'am named', 1) < 0.10,
    0.15 + draw(account, 'am format', 0)
  ) AS ns_am_named_account,
  flag_text(
    is_electrical_named OR after_sale_flags AND draw(account, 'electrical named', 1) < 0.08,
    0.15 + draw(account, 'electrical format', 0)
  ) AS ns_electrical_named_account,
  flag_text(
    is_strategic OR after_sale_flags AND draw(account, 'strategic', 1) < 0.05,
    draw(account, 'strategic format', 0)
  ) AS ns_strategic_account,
  flag_text(after_sale_flags AND draw(account, 'top 50', 0) < 0.01, draw(account, 'top 50 format', 0)) AS ns_top_50,
  rep_name((place_no + 1) * 5 + floor(5 * draw(account, 'rep', rep_turn))::INTEGER) AS ns_salesrep_name,
  rep_name((place_no + 1) * 3 + 7 + floor(3 * draw(account, 'inside rep', rep_turn))::INTEGER) AS ns_inside_salesrep_name,
  valid_from + to_seconds(floor(86400 * draw(account, 'edit time', version))::INTEGER) AS ns_last_modified
FROM (
  SELECT
    *,
    CASE
      WHEN is_customer THEN if(draw(account, 'customer status', 1) < 0.7, 'CUSTOMER-Closed Won', 'CUSTOMER-Renewal')
      ELSE status
    END AS shown_status,
    CASE WHEN is_customer THEN 'Customer' WHEN status LIKE 'LEAD%' THEN 'Lead' ELSE 'Prospect' END AS stage,
    1 + floor(22 * pow(draw(account, 'sale terms', 2), 2))::INTEGER AS sale_terms_no,
    1 + floor(22 * pow(draw(account, 'division terms', 0), 2))::INTEGER AS division_terms_no
  FROM states
)
JOIN terms AS sale_terms ON sale_terms.terms_no = sale_terms_no
JOIN terms AS division_terms ON division_terms.terms_no = division_terms_no;

COPY (
  SELECT
    id_text(internal_id, draw(account, 'history dot zero', version), dot_zero_share) AS internalid,
    * EXCLUDE (account, version, internal_id, dot_zero_share)
  FROM (SELECT history.*, dot_zero_share FROM history, parameters)
  ORDER BY internal_id, valid_from
) TO (getvariable('out') || '/dim_ns_customer_history.parquet') (FORMAT parquet, COMPRESSION zstd);
