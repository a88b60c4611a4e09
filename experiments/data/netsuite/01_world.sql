-- The world: constants, reference lists and the only source of randomness.
--
-- Variables: accounts, seed, base_rate, out (an existing folder).
-- Run the files in the order of their numbers, in one connection. docs/demo-data.md explains the model.

-- All constants of the simulation, in one row. Months are counted from 2007-01 (month 0).
CREATE OR REPLACE TEMP TABLE parameters AS
SELECT
  getvariable('accounts')::BIGINT AS accounts,
  getvariable('base_rate')::DOUBLE AS base_rate,  -- mean share of buyers within six months, per cutoff
  DATE '2007-01-01' AS first_day,
  DATE '2025-09-18' AS data_through,              -- no file has anything later
  224::INTEGER AS last_month,                     -- 2025-09, observed up to the 18th
  6::INTEGER AS horizon_months,
  168::INTEGER AS truth_from_month,               -- truth starts at the cutoff 2021-01-31
  144::INTEGER AS activities_from_month,          -- calls and meetings are logged since 2019-01
  DATE '2023-07-01' AS reorganised_on,            -- territories are renamed and split on this day
  0.05::DOUBLE AS legacy_customer_share,          -- accounts migrated as customers: never in a cohort
  0.015::DOUBLE AS duplicate_share,               -- share of snapshot rows with a stale twin
  0.03::DOUBLE AS dot_zero_share,                 -- share of ids written as `22277.0`, drawn per row and file
  0.04::DOUBLE AS undefined_territory_share;

-- A uniform number in [0, 1) that depends only on (seed, purpose, account, step).
-- `purpose` names the decision. `step` (0..1023) is a month, a spell or a column number.
-- The outer hash removes the pattern between steps that combining by xor would leave.
CREATE OR REPLACE TEMP MACRO draw(account, purpose, step) AS
  (hash(xor(hash(getvariable('seed')::BIGINT, purpose), (account * 1024 + step)::UBIGINT)) >> 11)::DOUBLE
    / 9007199254740992.0;

CREATE OR REPLACE TEMP MACRO month_start(month) AS
  make_date((2007 + month // 12)::BIGINT, (1 + month % 12)::BIGINT, 1);

CREATE OR REPLACE TEMP MACRO month_of(day) AS
  ((year(day) - 2007) * 12 + month(day) - 1)::INTEGER;

-- Hazard "flags as text": one truth value, five spellings.
CREATE OR REPLACE TEMP MACRO flag_text(yes, u) AS
  CASE
    WHEN u < 0.15 THEN if(yes, 'T', 'F')
    WHEN u < 0.40 THEN if(yes, '1.0', '0')
    ELSE if(yes, '1', '0')
  END;

-- Hazard "JSON stages": plain text, JSON without spaces, JSON with a space.
CREATE OR REPLACE TEMP MACRO stage_text(stage, u) AS
  CASE
    WHEN u < 0.25 THEN '{"value":"' || stage || '"}'
    WHEN u < 0.45 THEN '{"value": "' || stage || '"}'
    ELSE stage
  END;

-- Hazard "`.0` ids": the result of reading a numeric column as text.
CREATE OR REPLACE TEMP MACRO id_text(id, u, share) AS
  id::VARCHAR || if(u < share, '.0', '');

-- The engagement regimes, best last, and their monthly transition probabilities. `closed` is final.
-- relative_hazard multiplies the purchase hazard. The other columns affect what the CRM shows.
CREATE OR REPLACE TEMP TABLE regimes AS
SELECT *
FROM (VALUES
    -- hazard, stay, then the next regime (cold, warm, hot, closed), share of new accounts, activities per month
    (0, 'cold',    1.0, 0.9695, 0.0000, 0.0260, 0.0030, 0.0015, 0.52, 0.03),
    (1, 'warm',    8.0, 0.8790, 0.0750, 0.0000, 0.0450, 0.0010, 0.38, 0.40),
    (2, 'hot',    60.0, 0.8795, 0.0400, 0.0800, 0.0000, 0.0005, 0.10, 1.40),
    (3, 'closed',  0.0, 1.0000, 0.0000, 0.0000, 0.0000, 0.0000, 0.00, 0.00)
) AS r(regime, name, relative_hazard, stay, to_cold, to_warm, to_hot, to_closed, first_share, activity_rate);

-- Hazard "seasonal base rate": sales peak at quarter ends and, above all, at the end of the fiscal year.
CREATE OR REPLACE TEMP TABLE calendar AS
SELECT
  month::INTEGER AS month,
  month_start(month) AS starts_on,
  last_day(month_start(month)) AS ends_on,
  ([0.80, 0.85, 1.10, 0.90, 0.95, 1.15, 0.80, 0.85, 1.05, 0.95, 1.10, 1.50])[1 + month % 12]
    * pow(1.01, (month - 168) / 12.0) AS season
FROM range(0, 240) AS months(month);

-- Seven channels with 23 topics each make up the 161 lead sources. The channel has most of the effect.
CREATE OR REPLACE TEMP TABLE lead_sources AS
WITH
  channels AS (
    SELECT *
    FROM (VALUES
      (0, 'Sales Outbound', -0.10), (1, 'Web Inbound', 0.45), (2, 'Event', 0.10), (3, 'Referral', 0.60),
      (4, 'Partner', 0.20), (5, 'Marketing Email', -0.20), (6, 'List Purchase', -0.45)
    ) AS c(channel_no, channel, channel_effect)
  ),
  topics AS (
    SELECT
      unnest([
        'Activity', 'Campaign', 'Webinar', 'Trade Show', 'Design Summit', 'Lunch and Learn', 'Simulation',
        'Electrical', 'Additive', 'Manufacturing', 'Education', 'Startup Program', 'Newsletter', 'Trial',
        'Quote Request', 'Contact Form', 'Chat', 'Download', 'Reseller', 'Former User', 'Student', 'Hardware',
        'General'
      ]) AS topic,
      unnest(range(0, 23)) AS topic_no
  )
SELECT
  (topic_no * 7 + channel_no)::INTEGER AS source_no,
  (200 + topic_no * 7 + channel_no)::VARCHAR AS lead_source_id,
  (200 + topic_no * 7 + channel_no) || ' ' || channel || ' ' || topic AS lead_source_name,
  channel,
  channel_effect + 0.1 * (draw(topic_no * 7 + channel_no, 'lead source effect', 0) - 0.5) AS source_effect
FROM channels CROSS JOIN topics;

-- 96 places in 17 regions. Each place has one territory name and a parent territory with two or three children.
CREATE OR REPLACE TEMP TABLE places AS
WITH
  regions AS (
    SELECT *
    FROM (VALUES
      (0, 'Pacific Northwest', [
        'Washington: Seattle', 'Washington: Spokane', 'Oregon: Portland', 'Oregon: Eugene',
        'Idaho: Boise'
      ]),
      (1, 'Northern California', [
        'California: San Jose', 'California: Oakland', 'California: Sacramento', 'California: Fresno',
        'California: Santa Rosa', 'California: San Francisco'
      ]),
      (2, 'Southern California', [
        'California: Los Angeles', 'California: Long Beach', 'California: Irvine',
        'California: San Diego', 'California: Riverside', 'California: Ventura'
      ]),
      (3, 'Southwest', [
        'Arizona: Phoenix', 'Arizona: Tucson', 'Nevada: Las Vegas', 'Nevada: Reno',
        'New Mexico: Albuquerque'
      ]),
      (4, 'Mountain', [
        'Colorado: Denver', 'Colorado: Colorado Springs', 'Utah: Salt Lake City', 'Utah: Provo',
        'Montana: Billings'
      ]),
      (5, 'North Texas', [
        'Texas: Dallas', 'Texas: Fort Worth', 'Texas: Lubbock', 'Texas: Amarillo', 'Texas: Waco'
      ]),
      (6, 'South Texas', [
        'Texas: Houston', 'Texas: Austin', 'Texas: San Antonio', 'Texas: El Paso',
        'Texas: Corpus Christi'
      ]),
      (7, 'Plains', [
        'Kansas: Wichita', 'Nebraska: Omaha', 'Missouri: Kansas City', 'Oklahoma: Tulsa',
        'Oklahoma: Oklahoma City', 'Iowa: Des Moines'
      ]),
      (8, 'Upper Midwest', [
        'Minnesota: Minneapolis', 'Minnesota: Duluth', 'Wisconsin: Milwaukee', 'Wisconsin: Madison',
        'Wisconsin: Green Bay', 'North Dakota: Fargo'
      ]),
      (9, 'Great Lakes', [
        'Illinois: Chicago', 'Illinois: Rockford', 'Illinois: Peoria', 'Indiana: Indianapolis',
        'Indiana: Fort Wayne'
      ]),
      (10, 'Michigan', [
        'Michigan: Detroit', 'Michigan: Grand Rapids', 'Michigan: Lansing', 'Michigan: Ann Arbor',
        'Michigan: Flint', 'Michigan: Saginaw'
      ]),
      (11, 'Ohio Valley', [
        'Ohio: Cleveland', 'Ohio: Columbus', 'Ohio: Cincinnati', 'Ohio: Dayton',
        'Kentucky: Louisville', 'Kentucky: Lexington'
      ]),
      (12, 'Gulf', [
        'Louisiana: New Orleans', 'Louisiana: Baton Rouge', 'Alabama: Birmingham',
        'Alabama: Huntsville', 'Mississippi: Jackson', 'Arkansas: Little Rock'
      ]),
      (13, 'Southeast', [
        'Georgia: Atlanta', 'Florida: Orlando', 'Florida: Tampa', 'Florida: Miami',
        'Florida: Jacksonville', 'Georgia: Savannah'
      ]),
      (14, 'Carolinas', [
        'North Carolina: Charlotte', 'North Carolina: Raleigh', 'North Carolina: Greensboro',
        'South Carolina: Greenville', 'South Carolina: Charleston', 'South Carolina: Columbia'
      ]),
      (15, 'Mid-Atlantic', [
        'Pennsylvania: Pittsburgh', 'Pennsylvania: Philadelphia', 'New Jersey: Newark',
        'Maryland: Baltimore', 'Virginia: Richmond', 'Delaware: Wilmington'
      ]),
      (16, 'Northeast', [
        'Massachusetts: Boston', 'Massachusetts: Worcester', 'Connecticut: Hartford',
        'New York: Albany', 'New York: Rochester', 'New Hampshire: Manchester'
      ])
    ) AS r(region_no, region, territories)
  ),
  listed AS (
    SELECT
      region_no,
      region,
      unnest(territories) AS territory,
      unnest(range(0, len(territories))) AS rank_in_region
    FROM regions
  ),
  numbered AS (
    SELECT
      (row_number() OVER (ORDER BY region_no, rank_in_region) - 1)::INTEGER AS place_no,
      region_no,
      region,
      territory
    FROM listed
  )
SELECT
  place_no,
  territory,
  split_part(territory, ': ', 2) AS territory_name,
  region,
  0.3 * (draw(region_no, 'region effect', 0) - 0.5) + 0.1 * (draw(place_no, 'place effect', 0) - 0.5) AS place_effect
FROM numbered
UNION ALL
SELECT -1, 'Undefined', 'Undefined', 'Undefined', -0.3;

-- Hazard "territory reorganization": the names of these places before the day of the reorganization.
-- `merged`: several places shared one territory, which was split that day; accounts closed by then stayed
-- on the retired "zz" name. `renamed`: a new name for the same area. `region`: only the region changed.
CREATE OR REPLACE TEMP TABLE former_places AS
SELECT *
FROM (VALUES
  ('California: Los Angeles', 'merged', 'LA South and West', 'California: LA South and West', 'Southern California'),
  ('California: Long Beach', 'merged', 'LA South and West', 'California: LA South and West', 'Southern California'),
  ('California: San Jose', 'merged', 'Bay Area East', 'California: Bay Area East', 'Northern California'),
  ('California: Oakland', 'merged', 'Bay Area East', 'California: Bay Area East', 'Northern California'),
  ('Minnesota: Minneapolis', 'renamed', 'Twin Cities', 'Minnesota: Twin Cities', 'Upper Midwest'),
  ('Massachusetts: Boston', 'renamed', 'Greater Boston', 'Massachusetts: Greater Boston', 'Northeast'),
  ('Colorado: Denver', 'renamed', 'Front Range', 'Colorado: Front Range', 'Mountain'),
  ('Michigan: Detroit', 'region', 'Detroit', 'Michigan: Detroit', 'Great Lakes'),
  ('Michigan: Grand Rapids', 'region', 'Grand Rapids', 'Michigan: Grand Rapids', 'Great Lakes'),
  ('Michigan: Lansing', 'region', 'Lansing', 'Michigan: Lansing', 'Great Lakes'),
  ('Michigan: Ann Arbor', 'region', 'Ann Arbor', 'Michigan: Ann Arbor', 'Great Lakes'),
  ('Michigan: Flint', 'region', 'Flint', 'Michigan: Flint', 'Great Lakes'),
  ('Michigan: Saginaw', 'region', 'Saginaw', 'Michigan: Saginaw', 'Great Lakes')
) AS f(territory, kind, former_name, former_territory, former_region);

-- 23 payment terms. A credit check sets the first one; the others are agreed on in a sale.
CREATE OR REPLACE TEMP TABLE terms AS
SELECT
  unnest([
    'Required Credit Check', 'Net 30', 'Net 15', 'Net 45', 'Net 60', 'Net 90', 'Net 10', 'Payment in Advance',
    'Credit Card', 'Due on Receipt', '1% 10 Net 30', '2% 10 Net 30', 'Net 20', 'Net 25', 'Net 75', 'Net 120',
    'Lease', 'Lease Quarterly', 'Installments 3', 'Installments 6', 'Installments 12', 'Wire Transfer', 'COD'
  ]) AS terms_value,
  unnest(range(0, 23)) AS terms_no;
