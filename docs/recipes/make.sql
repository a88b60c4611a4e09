-- Makes the data of the recipes: a vendor of laboratory equipment. In the project folder:
--
--   holdout sql data/make.sql
--
-- accounts.parquet        a row per account
-- orders.parquet          what accounts order, with the day
-- visits.parquet          their visits to the pages of products
-- opportunities.parquet   a row per opportunity of an account, with the days of won and lost
-- stages.parquet          the stages of opportunities, with the days on which they held
-- trials.parquet          free trials of the software, which are not related to accounts
-- sessions.parquet, trial_ends.parquet, payments.parquet: what happened in trials; instants in UTC
--
-- Every draw is a hash, so each call makes the same rows.

-- The last day observed, also in the specs.
SET VARIABLE data_through = DATE '2025-06-30';

-- A number from 0 up to 1 for what is drawn, of whom, and in which step.
CREATE MACRO draw(id, purpose, step) AS
  (hash(purpose || ' ' || id || ' ' || step) >> 11)::DOUBLE / 9007199254740992.0;
CREATE MACRO logistic(x) AS 1 / (1 + exp(-x));

CREATE TABLE products AS
SELECT unnest(['filters', 'pumps', 'sensors', 'service']) AS product, unnest([1.6, 0.7, 1.0, 0.6]) AS appeal;

-- Half of the accounts are there at the start. Many leave one day, and nobody writes down when.
CREATE TABLE accounts AS
SELECT
  id, 'A' || lpad(id::VARCHAR, 4, '0') AS account_id,
  DATE '2021-01-04' + floor(1500 * greatest(0, draw(id, 'created', 0) * 2 - 1))::INTEGER
    + floor(360 * draw(id, 'created day', 0))::INTEGER AS created_on,
  ['chemistry', 'food', 'medicine', 'school'][1 + floor(4 * draw(id, 'industry', 0))::INTEGER] AS industry,
  ['large', 'medium', 'small', 'small'][1 + floor(4 * draw(id, 'size', 0))::INTEGER] AS size,
  created_on + 200 + floor(-900 * ln(draw(id, 'left', 0)))::INTEGER AS left_on,
  exp(1.6 * (draw(id, 'rate', 0) + draw(id, 'rate', 1) + draw(id, 'rate', 2) - 1.5)
    + CASE size WHEN 'large' THEN 0.6 WHEN 'medium' THEN 0.2 ELSE -0.2 END) AS rate
FROM range(3000) AS numbers(id);

-- One account in two has up to eight opportunities. How much an account cares shows in its visits
-- and in the outcome.
CREATE TABLE opportunities AS
SELECT
  *, CASE WHEN is_won THEN closed_on END AS won_on, CASE WHEN NOT is_won THEN closed_on END AS lost_on
FROM (
  SELECT
    id * 8 + slot AS number, id, account_id, left_on,
    greatest(created_on, DATE '2021-06-01') + floor(1400 * draw(id, 'opened', slot))::INTEGER AS opened_on,
    (draw(id, 'cares', -1) + draw(id, 'cares', slot)) / 2 AS cares,
    draw(id, 'won', slot) < logistic(-1.6 + 5 * (cares - 0.5) + if(industry = 'medicine', 0.8, 0)
      - if(industry = 'school', 0.8, 0)) AS is_won,
    if(is_won, 3, 1 + floor(3 * draw(id, 'last stage', slot))::INTEGER) AS last_stage,
    7 + floor(45 * draw(id, 'stage days', slot * 4 + 1))::INTEGER AS days_1,
    7 + floor(45 * draw(id, 'stage days', slot * 4 + 2))::INTEGER AS days_2,
    7 + floor(if(is_won, 45, 120) * draw(id, 'stage days', slot * 4 + 3))::INTEGER AS days_3,
    opened_on + days_1 + if(last_stage > 1, days_2, 0) + if(last_stage > 2, days_3, 0) AS closed_on,
    round(1000 * exp(3 * draw(id, 'amount', slot)), -2) AS amount
  FROM accounts, range(8) AS slots(slot)
  WHERE id % 2 = 0)
WHERE opened_on < left_on AND opened_on <= getvariable('data_through');

-- Every week of every account. For ten weeks in fifty, an account has a project, needs one product
-- for it, looks at that product's pages, and orders more. It orders less in the weeks before it leaves.
CREATE TABLE weeks AS
SELECT
  accounts.*, week, starts_on,
  draw(id, 'project', floor((week + id % 10) / 10)) < 0.2 AS has_project,
  1 + floor(4 * draw(id, 'needs', floor((week + id % 10) / 10)))::INTEGER AS needs,
  coalesce((
    SELECT max(cares) FROM opportunities
    WHERE opportunities.id = accounts.id AND opened_on <= starts_on AND closed_on > starts_on), 0) AS cares
FROM accounts, (
  SELECT week, DATE '2021-01-04' + 7 * week::INTEGER AS starts_on FROM range(235) AS numbers(week))
WHERE starts_on + 6 >= created_on AND starts_on < left_on;

CREATE TABLE visits AS
SELECT account_id, visited_on, product
FROM (
  SELECT
    account_id, created_on, starts_on + floor(7 * draw(id, 'visit day', week * 4 + slot))::INTEGER AS visited_on,
    ['filters', 'pumps', 'sensors', 'service'][
      if(has_project AND draw(id, 'on topic', week * 4 + slot) < 0.7, needs,
        1 + floor(4 * draw(id, 'page', week * 4 + slot))::INTEGER)] AS product
  FROM weeks, range(4) AS slots(slot)
  WHERE draw(id, 'visit', week * 4 + slot) < 0.03 + if(has_project, 0.25, 0) + 0.3 * cares)
WHERE visited_on >= created_on AND visited_on <= getvariable('data_through');

-- An order is of one product: an account's taste, its industry's, and the need of the project decide.
CREATE TABLE orders AS
SELECT
  id, account_id, ordered_on, arg_min(product, -ln(draw(id, 'race ' || product, week)) / weight) AS product,
  round(40 * CASE size WHEN 'large' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END
    * exp(2 * draw(id, 'value', week)), 2) AS amount
FROM (
  SELECT *, starts_on + floor(7 * draw(id, 'order day', week))::INTEGER AS ordered_on
  FROM weeks
  WHERE draw(id, 'order', week) < 1 - exp(-0.05 * rate * if(has_project, 2.5, 1)
    * least(1, 0.25 + (left_on - starts_on) / 200.0))), LATERAL (
  SELECT
    product, appeal * exp(2 * draw(id, 'taste ' || product, 0))
      * if(hash(industry || product) % 2 = 0, 2, 1)
      * if(has_project AND product = ['filters', 'pumps', 'sensors', 'service'][needs], 6, 1) AS weight
  FROM products)
WHERE ordered_on >= created_on AND ordered_on <= getvariable('data_through')
GROUP BY id, account_id, size, ordered_on, week;

-- Trials of 30 days. Those who use the software more pay more often, mostly near the end. Sales extends
-- some trials by 30 days.
CREATE TABLE trials AS
SELECT
  id, 'T' || lpad(id::VARCHAR, 4, '0') AS trial_id,
  TIMESTAMP '2023-01-01 12:00:00' + to_seconds(78000000 * draw(id, 'started', 0)) AS started_at,
  ['advert', 'friend', 'search'][1 + floor(3 * draw(id, 'channel', 0))::INTEGER] AS channel,
  draw(id, 'use', 0) AS use,
  draw(id, 'extended', 0) < 0.15 AS is_extended,
  draw(id, 'pays', 0) < logistic(-2.6 + 4 * use + if(channel = 'friend', 0.7, 0)) AS pays,
  started_at + to_seconds(86400 * if(pays,
    if(is_extended, 60, 30) * pow(draw(id, 'pay day', 0), 0.4), if(is_extended, 60, 30))) AS ended_at
FROM range(2500) AS numbers(id);

CREATE MACRO utc(instant) AS strftime(instant, '%Y-%m-%dT%H:%M:%SZ');
CREATE MACRO observed(instant) AS instant < getvariable('data_through') + INTERVAL 1 DAY;

COPY (
  SELECT account_id, created_on, industry, size FROM accounts
  WHERE created_on <= getvariable('data_through') ORDER BY account_id
) TO 'data/accounts.parquet' (FORMAT parquet);

COPY (
  SELECT account_id, ordered_on, product, amount FROM orders ORDER BY ALL
) TO 'data/orders.parquet' (FORMAT parquet);

COPY (FROM visits ORDER BY ALL) TO 'data/visits.parquet' (FORMAT parquet);

COPY (
  SELECT
    'P' || lpad(number::VARCHAR, 5, '0') AS opportunity_id, account_id, opened_on,
    if(won_on <= getvariable('data_through'), won_on, NULL) AS won_on,
    if(lost_on <= getvariable('data_through'), lost_on, NULL) AS lost_on
  FROM opportunities ORDER BY number
) TO 'data/opportunities.parquet' (FORMAT parquet);

COPY (
  SELECT
    'P' || lpad(number::VARCHAR, 5, '0') AS opportunity_id, valid_from,
    if(valid_to <= getvariable('data_through'), valid_to, NULL) AS valid_to, stage, amount
  FROM (
    SELECT number, opened_on AS valid_from, opened_on + days_1 AS valid_to, 'qualified' AS stage, amount
    FROM opportunities
    UNION ALL
    SELECT number, opened_on + days_1, opened_on + days_1 + days_2, 'demo', amount
    FROM opportunities WHERE last_stage > 1
    UNION ALL
    SELECT number, opened_on + days_1 + days_2, closed_on, 'proposal',
      round(amount * (0.6 + 0.6 * draw(id, 'discount', number)), -2)
    FROM opportunities WHERE last_stage > 2
    UNION ALL
    SELECT number, closed_on, NULL, if(is_won, 'won', 'lost'), amount FROM opportunities)
  WHERE valid_from <= getvariable('data_through') ORDER BY opportunity_id, valid_from
) TO 'data/stages.parquet' (FORMAT parquet);

COPY (
  SELECT trial_id, utc(started_at) AS started_at, channel FROM trials
  WHERE observed(started_at) ORDER BY trial_id
) TO 'data/trials.parquet' (FORMAT parquet);

COPY (
  SELECT trial_id, utc(used_at) AS used_at, minutes
  FROM (
    SELECT
      trial_id, ended_at, started_at + to_seconds(86400 * (slot + draw(id, 'session at', slot)) / 2) AS used_at,
      1 + floor(60 * pow(draw(id, 'minutes', slot), 2) * (0.5 + use))::INTEGER AS minutes
    FROM trials, range(120) AS slots(slot)
    WHERE draw(id, 'session', slot) < 0.02 + 0.25 * use)
  WHERE used_at < ended_at AND observed(used_at) ORDER BY ALL
) TO 'data/sessions.parquet' (FORMAT parquet);

COPY (
  SELECT trial_id, utc(ended_at) AS ended_at FROM trials WHERE observed(ended_at) ORDER BY trial_id
) TO 'data/trial_ends.parquet' (FORMAT parquet);

COPY (
  SELECT trial_id, utc(ended_at) AS paid_at FROM trials
  WHERE pays AND observed(ended_at) ORDER BY trial_id
) TO 'data/payments.parquet' (FORMAT parquet);
