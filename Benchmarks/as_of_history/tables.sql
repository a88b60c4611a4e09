-- Accounts and their versions for the as-of benchmark. Every account is in all 30 cutoffs, with three
-- versions spread over the years, so different cutoffs find the first, the second, or the third version.
--
--   holdout sql Benchmarks/as_of_history/tables.sql --set accounts=411000 --set out=FOLDER
--
-- Every draw is a hash of the account and a purpose, as in the demo data.
CREATE TEMP MACRO draw(account, purpose, range) AS
  (hash(account, purpose) % CAST(range AS UBIGINT))::INTEGER;

CREATE TEMP TABLE accounts AS
SELECT
  account,
  CAST(1000000 + account AS VARCHAR) AS account_id,
  DATE '2007-01-01' + draw(account, 'created', 5000) AS created,         -- to 2020-09
  CASE WHEN draw(account, 'buys', 100) < 5
    THEN DATE '2022-01-01' + draw(account, 'bought', 1300) END AS first_order
FROM range(getvariable('accounts')) AS numbers(account);

CREATE TEMP TABLE versions AS
WITH starts AS (
  SELECT account, account_id, 1 AS version, created AS valid_from FROM accounts
  UNION ALL
  SELECT account, account_id, 2, DATE '2020-10-01' + draw(account, 'second', 900) FROM accounts
  UNION ALL
  SELECT account, account_id, 3, DATE '2023-04-01' + draw(account, 'third', 900) FROM accounts
)
SELECT
  account_id,
  valid_from,
  lead(valid_from) OVER (PARTITION BY account ORDER BY valid_from) AS valid_to,
  draw(account, ('inactive', version), 100) < 3 AS is_inactive,
  'stage ' || draw(account, ('stage', version), 6) AS stage,
  'status ' || draw(account, ('status', version), 12) AS status,
  'territory ' || draw(account, ('territory', version), 300) AS territory,
  'region ' || draw(account, 'region', 18) AS region,
  CASE WHEN draw(account, ('email', version), 10) < 6
    THEN 'contact' || account || '@example.org' END AS email,
  draw(account, ('taxable', version), 2) = 1 AS taxable,
  draw(account, ('named', version), 20) = 0 AS named_account,
  draw(account, ('seats', version), 500) AS seats,
  CASE WHEN draw(account, ('turnover', version), 4) > 0
    THEN draw(account, ('amount', version), 1000000) / 100.0::DOUBLE END AS turnover,
  valid_from + draw(account, ('edited', version), 20) - 20 AS edited
FROM starts;

-- Ordered by hash rather than by account, because no real export is sorted to suit a join.
COPY (SELECT account_id, created, first_order FROM accounts ORDER BY hash(account))
TO (getvariable('out') || '/accounts.parquet') (FORMAT parquet, COMPRESSION zstd);
COPY (SELECT * FROM versions ORDER BY hash(account_id, valid_from))
TO (getvariable('out') || '/versions.parquet') (FORMAT parquet, COMPRESSION zstd);
