-- CDNOW_master.txt as Parquet: one row per purchase, and one row per customer with the day of the first purchase.
--
-- Variables: text (the path of CDNOW_master.txt), out (an existing folder).
-- A line is ` 00001 19970101  1   11.77`: customer, day, number of CDs, dollars, separated by blanks. The first
-- line has names. Any other line is an error, and then no Parquet is written.

CREATE OR REPLACE TEMP TABLE lines AS
SELECT string_split_regex(trim(line, E' \r'), ' +') AS fields
FROM (SELECT unnest(string_split(content, E'\n')[2:]) AS line FROM read_text(getvariable('text')))
WHERE line <> '';

CREATE OR REPLACE TEMP TABLE purchases AS
SELECT
  fields[1] AS customer_id,
  CAST(strptime(fields[2], '%Y%m%d') AS DATE) AS purchased_on,
  CAST(fields[3] AS INTEGER) AS cds,
  CAST(fields[4] AS DOUBLE) AS dollars
FROM (SELECT if(len(fields) = 4, fields, error('not four fields: ' || array_to_string(fields, ' '))) AS fields FROM lines);

SELECT
  CASE
    WHEN count(*) <> 69659 OR count(DISTINCT customer_id) <> 23570
      OR min(purchased_on) <> DATE '1997-01-01' OR max(purchased_on) <> DATE '1998-06-30'
    THEN error(format('{} purchases of {} customers from {} to {}; expected 69659 of 23570 from 1997-01-01 to 1998-06-30',
      count(*), count(DISTINCT customer_id), min(purchased_on), max(purchased_on)))
  END
FROM purchases;

COPY (SELECT * FROM purchases ORDER BY customer_id, purchased_on, cds, dollars)
TO (getvariable('out') || '/purchases.parquet') (FORMAT parquet);

COPY (SELECT customer_id, min(purchased_on) AS first_purchase FROM purchases GROUP BY customer_id ORDER BY customer_id)
TO (getvariable('out') || '/customers.parquet') (FORMAT parquet);
