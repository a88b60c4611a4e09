-- Accounts and their constant traits. Nothing here depends on a purchase.

CREATE OR REPLACE TEMP TABLE accounts AS
WITH
  -- NetSuite ids grow with time: account k of n is created in the k-th slice of a slowly growing inflow.
  -- Hazard "accounts created after a cutoff": creation runs up to data_through.
  created AS (
    SELECT
      k AS account,
      (1000 + 3 * k + floor(3 * draw(k, 'id', 0)))::BIGINT AS internal_id,
      first_day + floor((data_through - first_day + 1) * pow((k + draw(k, 'created', 0)) / accounts, 0.9))::INTEGER
        AS created_on
    FROM parameters, range(0, (SELECT accounts FROM parameters)) AS ids(k)
  ),
  traits AS (
    SELECT
      created.*,
      month_of(created_on) AS created_month,
      floor(161 * pow(draw(account, 'lead source', 0), 4))::INTEGER AS source_no,
      -- A few lead sources and places have most accounts, with a long tail. The largest place is Los Angeles.
      if(
        draw(account, 'undefined territory', 0) < undefined_territory_share,
        -1,
        (floor(96 * pow(draw(account, 'place', 0), 3))::INTEGER * 37 + 11) % 96
      ) AS place_no,
      draw(account, 'child territory', 0) AS child_draw,
      draw(account, 'email', 0) < 0.68 AS has_email,
      draw(account, 'phone', 0) < 0.75 AS has_phone,
      draw(account, 'url', 0) < 0.45 AS has_url,
      draw(account, 'cad named', 0) < 0.05 AS is_cad_named,
      draw(account, 'sim named', 0) < 0.02 AS is_sim_named,
      draw(account, 'am named', 0) < 0.02 AS is_am_named,
      draw(account, 'electrical named', 0) < 0.015 AS is_electrical_named,
      draw(account, 'strategic', 0) < 0.01 AS is_strategic,
      draw(account, 'taxable', 0) < 0.7 AS is_taxable,
      if(
        draw(account, 'competitor', 0) < 0.05,
        (['Inventor', 'Creo', 'Solid Edge', 'Fusion', 'NX', 'Onshape']
        )[1 + floor(6 * draw(account, 'competitor', 1))::INTEGER],
        NULL
      ) AS competitor,
      draw(account, 'legacy', 0) < legacy_customer_share AS is_legacy_customer
    FROM created, parameters
  ),
  -- First purchases in the other divisions: each happens for its own small share of accounts, weeks to years after
  -- creation, independent of the engagement regime.
  divisions AS (
    SELECT
      account,
      if(draw(account, 'cpe', 0) < 0.09, created_on + (20 + 3000 * draw(account, 'cpe', 1))::INTEGER, NULL) AS cpe_on,
      if(draw(account, 'hw', 0) < 0.06, created_on + (20 + 3000 * draw(account, 'hw', 1))::INTEGER, NULL) AS hw_on,
      if(draw(account, '3dx', 0) < 0.03 AND created_on > DATE '2014-01-01',
        created_on + (20 + 2000 * draw(account, '3dx', 1))::INTEGER, NULL) AS first_3dx_on
    FROM traits
  )
SELECT
  traits.*,
  if(cpe_on <= data_through, cpe_on, NULL) AS cpe_on,
  if(hw_on <= data_through, hw_on, NULL) AS hw_on,
  if(first_3dx_on <= data_through, first_3dx_on, NULL) AS first_3dx_on,
  channel,
  -- The constant part of the log hazard, which a model can see at a cutoff.
  source_effect
    + place_effect
    + 0.40 * has_email::INTEGER
    + 0.35 * has_phone::INTEGER
    + 0.30 * has_url::INTEGER
    + 0.90 * is_cad_named::INTEGER
    + 0.70 * (competitor IS NOT NULL)::INTEGER AS static_effect
FROM traits
JOIN divisions USING (account)
JOIN lead_sources USING (source_no)
JOIN places USING (place_no)
CROSS JOIN parameters;

-- Effect of one other division's first purchase, `months` after it. It starts in the seventh month, so
-- no purchase inside a six-month window changes the hazard of that window, and the truth at t stays exact.
CREATE OR REPLACE TEMP MACRO division_effect(months, early) AS
  CASE WHEN months BETWEEN 7 AND 30 THEN early WHEN months > 30 THEN early / 2 ELSE 0.0 END;

-- The monthly hazard without the intercept and the regime:
-- exp(static + age + other divisions) * season. Age is counted in months after the month of creation.
CREATE OR REPLACE TEMP MACRO month_hazard(
  month, season, static_effect, created_month, cpe_month, hw_month, month_3dx
) AS
  season * exp(
    static_effect
    + 1.2 * exp((1 - (month - created_month)) / 9.0)
    + division_effect(coalesce(month - cpe_month, 0), 0.9)
    + division_effect(coalesce(month - hw_month, 0), 0.6)
    + division_effect(coalesce(month - month_3dx, 0), 0.8)
  );
