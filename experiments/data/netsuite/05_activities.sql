-- Calls, e-mails, meetings, demos and quotes. Their number depends only on the regime of the month.

CREATE OR REPLACE TEMP TABLE activity_kinds AS
SELECT *
FROM (VALUES
  -- regime, kind, from, below (of a uniform draw)
  (0, 'email', 0.00, 0.60), (0, 'call', 0.60, 0.97), (0, 'meeting', 0.97, 1.00),
  (1, 'email', 0.00, 0.40), (1, 'call', 0.40, 0.80), (1, 'meeting', 0.80, 0.92), (1, 'demo', 0.92, 0.98),
  (1, 'quote', 0.98, 1.00),
  (2, 'email', 0.00, 0.25), (2, 'call', 0.25, 0.55), (2, 'meeting', 0.55, 0.75), (2, 'demo', 0.75, 0.88),
  (2, 'quote', 0.88, 1.00)
) AS k(regime, kind, from_draw, below_draw);

COPY (
  WITH
    -- Up to four activities a month, each occurring with a quarter of the month's rate.
    slots AS (
      SELECT account, regime, month, month * 4 + slot AS step
      FROM (
        SELECT
          account,
          regime,
          activity_rate,
          unnest(range(greatest(from_month, activities_from_month), to_month)) AS month
        FROM spells
        JOIN regimes USING (regime)
        CROSS JOIN parameters
        WHERE regime < 3 AND to_month > activities_from_month
      ), range(0, 4) AS slots(slot)
      WHERE draw(account, 'activity', month * 4 + slot) < activity_rate / 4
    ),
    dated AS (
      SELECT
        account,
        internal_id,
        step,
        kind,
        starts_on + floor(draw(account, 'activity day', step) * day(ends_on))::INTEGER AS activity_date
      FROM slots
      JOIN calendar USING (month)
      JOIN accounts USING (account)
      JOIN activity_kinds
        ON activity_kinds.regime = slots.regime
        AND draw(account, 'activity kind', step) >= from_draw
        AND draw(account, 'activity kind', step) < below_draw
      WHERE starts_on + floor(draw(account, 'activity day', step) * day(ends_on))::INTEGER >= created_on
    ),
    -- Hazard "logged later": 12 % of activities are entered up to a week late, 4 % up to forty days.
    logged AS (
      SELECT
        *,
        activity_date + CASE
          WHEN draw(account, 'log delay', step) < 0.84 THEN 0
          WHEN draw(account, 'log delay', step) < 0.96 THEN 1 + floor(7 * draw(account, 'log days', step))::INTEGER
          ELSE 8 + floor(33 * draw(account, 'log days', step))::INTEGER
        END AS logged_on
      FROM dated
    )
  SELECT
    id_text(internal_id, draw(account, 'activity dot zero', step), dot_zero_share) AS internalid,
    activity_date,
    logged_on + to_seconds(28800 + floor(36000 * draw(account, 'log time', step))::INTEGER) AS logged_at,
    kind,
    CASE
      WHEN draw(account, 'minutes missing', step) < 0.05 THEN NULL
      WHEN kind = 'call' THEN 2 + floor(38 * pow(draw(account, 'minutes', step), 2))::INTEGER
      WHEN kind IN ('meeting', 'demo') THEN 15 * (2 + floor(7 * draw(account, 'minutes', step))::INTEGER)
    END AS minutes,
    if(kind = 'quote', 100.0 * (40 + floor(360 * pow(draw(account, 'amount', step), 2)))::DOUBLE, NULL) AS amount
  FROM logged
  CROSS JOIN parameters
  WHERE logged_on <= data_through
  ORDER BY internal_id, activity_date, logged_at, step
) TO (getvariable('out') || '/activities.parquet') (FORMAT parquet, COMPRESSION zstd);
