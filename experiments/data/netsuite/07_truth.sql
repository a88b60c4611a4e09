-- The truth: the exact probability of a first purchase within six months, given the state at the cutoff.
--
-- Within a window, everything except the regime is known at its start. Let b(k) be the hazard of the k-th month without
-- the regime, R(s) the factor of regime s and P the transition probabilities. The probability V(k, s) of no purchase in
-- the months after k, from regime s in month k, follows by backward recursion from V(6, s) = 1:
--   V(k-1, s) = sum over s' of P(s, s') * exp(-R(s') b(k)) * V(k, s')
-- and the truth is 1 - V(0, regime at the cutoff). `closed` has R = 0 and stays closed, so its V is always 1.

-- The chain in one row: c, w, h, x are cold, warm, hot and closed; cw is the transition probability from cold to warm.
CREATE OR REPLACE TEMP TABLE transitions AS
SELECT
  max(stay) FILTER (regime = 0) AS cc, max(to_warm) FILTER (regime = 0) AS cw,
  max(to_hot) FILTER (regime = 0) AS ch, max(to_closed) FILTER (regime = 0) AS cx,
  max(to_cold) FILTER (regime = 1) AS wc, max(stay) FILTER (regime = 1) AS ww,
  max(to_hot) FILTER (regime = 1) AS wh, max(to_closed) FILTER (regime = 1) AS wx,
  max(to_cold) FILTER (regime = 2) AS hc, max(to_warm) FILTER (regime = 2) AS hw,
  max(stay) FILTER (regime = 2) AS hh, max(to_closed) FILTER (regime = 2) AS hx,
  max(relative_hazard) FILTER (regime = 0) AS r_cold,
  max(relative_hazard) FILTER (regime = 1) AS r_warm,
  max(relative_hazard) FILTER (regime = 2) AS r_hot
FROM regimes;

-- Accounts that exist and have not bought, at every month end, with the hazards b(1) ... b(6) of the next months.
CREATE OR REPLACE TEMP VIEW truth_states AS
WITH
  unsold AS (
    SELECT account, month, regime
    FROM (
      SELECT
        account,
        regime,
        unnest(range(greatest(from_month, truth_from_month), least(to_month, last_month)))::INTEGER AS month
      FROM spells
      CROSS JOIN parameters
      WHERE to_month > truth_from_month
    )
    LEFT JOIN purchases USING (account)
    WHERE bought_on IS NULL OR (NOT is_legacy AND month_of(bought_on) > month)
  ),
  seasons AS (
    SELECT
      month,
      ends_on,
      lead(season, 1) OVER by_month AS s1, lead(season, 2) OVER by_month AS s2, lead(season, 3) OVER by_month AS s3,
      lead(season, 4) OVER by_month AS s4, lead(season, 5) OVER by_month AS s5, lead(season, 6) OVER by_month AS s6
    FROM calendar
    WINDOW by_month AS (ORDER BY month)
  )
SELECT
  account,
  ends_on AS cutoff,
  regime,
  c * month_hazard(month + 1, s1, static_effect, created_month, cpe_month, hw_month, month_3dx) AS b1,
  c * month_hazard(month + 2, s2, static_effect, created_month, cpe_month, hw_month, month_3dx) AS b2,
  c * month_hazard(month + 3, s3, static_effect, created_month, cpe_month, hw_month, month_3dx) AS b3,
  c * month_hazard(month + 4, s4, static_effect, created_month, cpe_month, hw_month, month_3dx) AS b4,
  c * month_hazard(month + 5, s5, static_effect, created_month, cpe_month, hw_month, month_3dx) AS b5,
  c * month_hazard(month + 6, s6, static_effect, created_month, cpe_month, hw_month, month_3dx) AS b6
FROM unsold
JOIN hazard_inputs USING (account)
JOIN seasons USING (month)
CROSS JOIN intercept;

-- One step backward for one regime, given its row of the chain.
CREATE OR REPLACE TEMP MACRO survival(to_cold, to_warm, to_hot, to_closed, b, r_cold, r_warm, r_hot, cold, warm, hot) AS
  to_cold * exp(-r_cold * b) * cold + to_warm * exp(-r_warm * b) * warm + to_hot * exp(-r_hot * b) * hot + to_closed;

COPY (
  WITH
    after_5 AS (
      SELECT
        truth_states.*,
        survival(cc, cw, ch, cx, b6, r_cold, r_warm, r_hot, 1.0, 1.0, 1.0) AS cold,
        survival(wc, ww, wh, wx, b6, r_cold, r_warm, r_hot, 1.0, 1.0, 1.0) AS warm,
        survival(hc, hw, hh, hx, b6, r_cold, r_warm, r_hot, 1.0, 1.0, 1.0) AS hot
      FROM truth_states, transitions
    ),
    after_4 AS (
      SELECT
        after_5.* EXCLUDE (cold, warm, hot),
        survival(cc, cw, ch, cx, b5, r_cold, r_warm, r_hot, cold, warm, hot) AS cold,
        survival(wc, ww, wh, wx, b5, r_cold, r_warm, r_hot, cold, warm, hot) AS warm,
        survival(hc, hw, hh, hx, b5, r_cold, r_warm, r_hot, cold, warm, hot) AS hot
      FROM after_5, transitions
    ),
    after_3 AS (
      SELECT
        after_4.* EXCLUDE (cold, warm, hot),
        survival(cc, cw, ch, cx, b4, r_cold, r_warm, r_hot, cold, warm, hot) AS cold,
        survival(wc, ww, wh, wx, b4, r_cold, r_warm, r_hot, cold, warm, hot) AS warm,
        survival(hc, hw, hh, hx, b4, r_cold, r_warm, r_hot, cold, warm, hot) AS hot
      FROM after_4, transitions
    ),
    after_2 AS (
      SELECT
        after_3.* EXCLUDE (cold, warm, hot),
        survival(cc, cw, ch, cx, b3, r_cold, r_warm, r_hot, cold, warm, hot) AS cold,
        survival(wc, ww, wh, wx, b3, r_cold, r_warm, r_hot, cold, warm, hot) AS warm,
        survival(hc, hw, hh, hx, b3, r_cold, r_warm, r_hot, cold, warm, hot) AS hot
      FROM after_3, transitions
    ),
    after_1 AS (
      SELECT
        after_2.* EXCLUDE (cold, warm, hot),
        survival(cc, cw, ch, cx, b2, r_cold, r_warm, r_hot, cold, warm, hot) AS cold,
        survival(wc, ww, wh, wx, b2, r_cold, r_warm, r_hot, cold, warm, hot) AS warm,
        survival(hc, hw, hh, hx, b2, r_cold, r_warm, r_hot, cold, warm, hot) AS hot
      FROM after_2, transitions
    ),
    after_0 AS (
      SELECT
        after_1.* EXCLUDE (cold, warm, hot),
        survival(cc, cw, ch, cx, b1, r_cold, r_warm, r_hot, cold, warm, hot) AS cold,
        survival(wc, ww, wh, wx, b1, r_cold, r_warm, r_hot, cold, warm, hot) AS warm,
        survival(hc, hw, hh, hx, b1, r_cold, r_warm, r_hot, cold, warm, hot) AS hot
      FROM after_1, transitions
    )
  SELECT
    internal_id::VARCHAR AS internalid,
    cutoff,
    CASE regime WHEN 0 THEN 1 - cold WHEN 1 THEN 1 - warm WHEN 2 THEN 1 - hot ELSE 0.0 END AS probability
  FROM after_0
  JOIN accounts USING (account)
  ORDER BY internal_id, cutoff
) TO (getvariable('out') || '/truth.parquet') (FORMAT parquet, COMPRESSION zstd);
