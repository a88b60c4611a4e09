-- The engagement regimes of each account, the intercept that gives base_rate, and the first purchases.

-- Spells of the Markov chain: the length of a spell is geometric, and the next regime is drawn.
-- They do not depend on purchases, so they cannot leak one.
CREATE OR REPLACE TEMP TABLE spells AS
WITH RECURSIVE chain AS (
  SELECT
    account,
    0 AS spell,
    created_month AS from_month,
    CASE
      WHEN draw(account, 'first regime', 0) < (SELECT first_share FROM regimes WHERE regime = 2) THEN 2
      WHEN draw(account, 'first regime', 0) < (SELECT sum(first_share) FROM regimes WHERE regime IN (1, 2)) THEN 1
      ELSE 0
    END AS regime
  FROM accounts
  UNION ALL
  SELECT
    account,
    spell + 1,
    next_month,
    CASE
      WHEN u < to_closed THEN 3
      WHEN u < to_closed + to_hot THEN 2
      WHEN u < to_closed + to_hot + to_warm THEN 1
      ELSE 0
    END
  FROM (
    SELECT
      account,
      spell,
      from_month + 1 + floor(ln(1 - draw(account, 'spell length', spell)) / ln(stay))::INTEGER AS next_month,
      draw(account, 'next regime', spell) * (1 - stay) AS u,
      to_closed,
      to_hot,
      to_warm
    FROM chain
    JOIN regimes USING (regime)
    WHERE regime < 3
  )
  WHERE next_month <= (SELECT last_month FROM parameters)
)
SELECT
  account,
  spell,
  regime,
  from_month,
  lead(from_month, 1, (SELECT last_month + 1 FROM parameters)) OVER (PARTITION BY account ORDER BY spell) AS to_month
FROM chain;

-- The inputs of an account's hazard, with few columns because they are joined to every month.
CREATE OR REPLACE TEMP TABLE hazard_inputs AS
SELECT
  account,
  created_month,
  static_effect,
  month_of(cpe_on) AS cpe_month,
  month_of(hw_on) AS hw_month,
  month_of(first_3dx_on) AS month_3dx
FROM accounts
WHERE NOT is_legacy_customer;

-- Account-months at risk, with the hazard up to the intercept. The month of creation itself is not at risk.
CREATE OR REPLACE TEMP VIEW account_months AS
SELECT
  account,
  month,
  regime,
  relative_hazard
    * month_hazard(month, season, static_effect, created_month, cpe_month, hw_month, month_3dx) AS relative_hazard
FROM (
  SELECT account, regime, unnest(range(greatest(from_month, created_month + 1), to_month))::INTEGER AS month
  FROM spells
  JOIN hazard_inputs USING (account)
)
JOIN hazard_inputs USING (account)
JOIN regimes USING (regime)
JOIN calendar USING (month);

-- The intercept. With the cumulative relative hazard A before a cutoff and W within its window, an account has not
-- bought before the cutoff with probability exp(-c A), and then buys with 1 - exp(-c W). c is chosen so that buyers / remaining
-- accounts is base_rate, over the cutoffs 2021-02-28, 2021-08-31 ... 2024-08-31, whose windows cover four complete years.
-- A sample of about 10,000 accounts is enough. The sums are over integers, so their order does not matter.
CREATE OR REPLACE TEMP TABLE intercept AS
WITH
  sample AS (
    SELECT account, month, regime, round(relative_hazard * 1e6)::BIGINT AS micro
    FROM account_months
    WHERE account % (SELECT 1 + accounts // 10000 FROM parameters) = 0
  ),
  cutoffs AS (
    SELECT unnest(range(169, 217, 6))::INTEGER AS cutoff_month
  ),
  exposure AS (
    SELECT
      account,
      cutoff_month,
      sum(micro) FILTER (month <= cutoff_month) / 1e6 AS before,
      sum(micro) FILTER (month > cutoff_month AND month <= cutoff_month + 6) / 1e6 AS within
    FROM sample, cutoffs
    GROUP BY account, cutoff_month
    HAVING count(*) FILTER (month = cutoff_month AND regime < 3) > 0
  ),
  start AS (
    SELECT (SELECT base_rate FROM parameters) / (sum((within * 1e6)::BIGINT)::DOUBLE / 1e6 / count(*)) AS c
    FROM exposure
  ),
  trials AS (
    SELECT step, c * pow(1.02, step) AS c
    FROM start, range(-10, 140) AS steps(step)
  ),
  rates AS (
    SELECT
      step,
      any_value(trials.c) AS c,
      sum(round(1e12 * exp(-trials.c * before) * (1 - exp(-trials.c * within)))::BIGINT)::DOUBLE
        / sum(round(1e12 * exp(-trials.c * before))::BIGINT)::DOUBLE AS rate
    FROM exposure, trials
    GROUP BY step
  )
-- The smallest c that reaches base_rate. If no c reaches it, the largest c tried is used.
SELECT coalesce(
  min(c) FILTER (rate >= (SELECT base_rate FROM parameters)),
  max(c)
) AS c
FROM rates;

-- First purchases: the first month whose draw falls below its hazard, on a day uniform within the month.
-- Hazard "labels cut off by data_through": later purchases are not observed.
CREATE OR REPLACE TEMP TABLE purchases AS
WITH
  first_months AS (
    SELECT account, min(month) AS month
    FROM account_months, intercept
    WHERE draw(account, 'purchase', month) < 1 - exp(-c * relative_hazard)
    GROUP BY account
  ),
  dated AS (
    SELECT account, starts_on + floor(draw(account, 'purchase day', 0) * day(ends_on))::INTEGER AS bought_on
    FROM first_months JOIN calendar USING (month)
  )
SELECT account, bought_on, false AS is_legacy
FROM dated, parameters
WHERE bought_on <= data_through
UNION ALL
-- Legacy customers bought before they were in the CRM: the purchase is on or before the day of creation.
SELECT account, created_on - (1500 * pow(draw(account, 'legacy', 1), 2))::INTEGER, true
FROM accounts
WHERE is_legacy_customer;
