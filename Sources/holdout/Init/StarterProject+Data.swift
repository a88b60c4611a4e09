/// The data.
extension StarterProject {
  /// `data/make.sql`: 3,000 customers with a DuckDB table, a history of profiles, and visits.
  ///
  /// Its numbers were chosen so that the spec has about 150 buyers in test, an AUC near 0.72,
  /// well-calibrated probabilities and no warning. After changing them, run the spec.
  static let data = """
    -- Makes the example's data: an outdoor shop on the web, whose customers register first and
    -- order later. In the project folder:
    --
    --   holdout sql data/make.sql
    --
    -- data/shop.duckdb       table customers: a row per customer, as the shop's database is today
    -- data/profile.parquet   every version of a customer's profile, with the days on which it held
    -- data/visits.parquet    visits to the shop, with the day on which each was loaded
    --
    -- Every draw is a hash, so each call makes the same rows. With data of your own, delete it.

    -- Another folder: --set folder=DIR.
    SET VARIABLE folder = coalesce(getvariable('folder'), 'data');

    -- The last day observed. The spec says the same with `data_through`.
    SET VARIABLE data_through = DATE '2025-06-30';

    -- A number from 0 up to 1, which depends on the customer, on what is drawn, and on a step.
    CREATE MACRO draw(customer, purpose, step) AS
      (hash(purpose || ' ' || customer || ' ' || step) >> 11)::DOUBLE / 9007199254740992.0;

    -- Customers register over four and a half years, more of them every year. Some install the app
    -- one day, some close their account.
    CREATE TABLE people AS
    SELECT
      id, 'C' || lpad(id::VARCHAR, 5, '0') AS customer_id,
      DATE '2021-01-01' + floor(1641 * pow((id + draw(id, 'registered', 0)) / 3000, 0.8))::INTEGER
        AS registered_on,
      CASE
        WHEN draw(id, 'channel', 0) < 0.34 THEN 'search'
        WHEN draw(id, 'channel', 0) < 0.58 THEN 'advert'
        WHEN draw(id, 'channel', 0) < 0.76 THEN 'shop'
        WHEN draw(id, 'channel', 0) < 0.91 THEN 'friend'
      END AS channel,
      CASE WHEN draw(id, 'app', 0) < 0.35
        THEN registered_on + floor(700 * pow(draw(id, 'app day', 0), 2))::INTEGER END AS app_on,
      CASE WHEN draw(id, 'closed', 0) < 0.12
        THEN registered_on + 60 + floor(900 * draw(id, 'closed day', 0))::INTEGER END AS closed_on
    FROM range(3000) AS numbers(id);

    -- A profile has up to three versions: as registered, as completed later, and closed.
    CREATE TABLE versions AS
    SELECT
      id, customer_id, changed_on AS valid_from,
      lead(changed_on) OVER (PARTITION BY id ORDER BY version) AS valid_to,
      ['North', 'South', 'East', 'West', NULL][1 + floor(5 * draw(id, 'region', place))::INTEGER]
        AS region,
      draw(id, 'newsletter', 0) < if(version = 0, 0.25, 0.5) AS newsletter,
      CASE WHEN draw(id, 'phone', 0) < if(version = 0, 0.2, 0.6)
        THEN '555-' || lpad(id::VARCHAR, 5, '0') END AS phone,
      CASE WHEN draw(id, 'address', 0) < if(version = 0, 0.3, 0.7)
        THEN (1 + id % 90) || ' Hill Road' END AS address,
      version = 2 AS is_closed
    FROM (
      SELECT *, 0 AS version, registered_on AS changed_on FROM people
      UNION ALL
      SELECT *, 1, registered_on + 10 + floor(500 * draw(id, 'completed day', 0))::INTEGER
      FROM people WHERE draw(id, 'completed', 0) < 0.6
      UNION ALL
      SELECT *, 2, closed_on FROM people WHERE closed_on IS NOT NULL),
      -- One in ten has moved by the time of the second version.
      LATERAL (SELECT if(version > 0 AND draw(id, 'moved', 0) < 0.1, 1, 0) AS place)
    WHERE changed_on <= getvariable('data_through')
      AND (version = 2 OR closed_on IS NULL OR changed_on < closed_on);

    -- Every month of every open account. Now and then somebody looks for something: in one month of
    -- forty such a spell begins, and it lasts for six. Sales rise before summer and Christmas.
    CREATE TABLE months AS
    SELECT
      people.*, month, starts_on,
      least(
        draw(id, 'spell', month), draw(id, 'spell', month - 1), draw(id, 'spell', month - 2),
        draw(id, 'spell', month - 3), draw(id, 'spell', month - 4), draw(id, 'spell', month - 5)
      ) < 0.025 AS is_looking,
      [0.8, 0.85, 0.95, 1.1, 1.2, 1.1, 0.9, 0.85, 0.95, 1.0, 1.2, 1.25][1 + month % 12] AS season
    FROM people, (
      SELECT month, (DATE '2021-01-01' + to_months(month::INTEGER))::DATE AS starts_on
      FROM range(54) AS numbers(month))
    WHERE last_day(starts_on) >= registered_on AND (closed_on IS NULL OR starts_on < closed_on);

    -- First orders. What makes one likely: looking for something, a young account, the app, the
    -- newsletter, phone and address, the channel, the season.
    CREATE TABLE orders AS
    SELECT months.id, min(ordered_on) AS first_order_on
    FROM months
    JOIN versions ON versions.id = months.id
      AND valid_from <= greatest(starts_on, registered_on)
      AND (valid_to IS NULL OR valid_to > greatest(starts_on, registered_on)),
      LATERAL (SELECT
        starts_on + floor(day(last_day(starts_on)) * draw(months.id, 'order day', month))::INTEGER
          AS ordered_on,
        0.0024 * season * exp(
          if(is_looking, 2.5, 0)
          + 1.5 * exp(-greatest(starts_on - registered_on, 0) / 150.0)
          + if(app_on < starts_on, 0.6, 0)
          + if(newsletter, 0.4, 0)
          + if(phone IS NULL, 0, 0.25)
          + if(address IS NULL, 0, 0.35)
          + CASE channel
            WHEN 'friend' THEN 0.8 WHEN 'shop' THEN 0.3 WHEN 'advert' THEN -0.5 ELSE 0 END
        ) AS hazard)
    WHERE draw(months.id, 'order', month) < 1 - exp(-hazard)
      AND ordered_on >= registered_on AND (closed_on IS NULL OR ordered_on < closed_on)
    GROUP BY months.id;

    -- Visits: up to eight a month, more of them while somebody looks for something. Most are loaded
    -- the next day, one in ten up to a month late.
    CREATE TABLE visits AS
    SELECT
      customer_id, visited_on, loaded_on, kind,
      1 + floor(if(is_looking, 14, 8) * pow(draw(id, 'pages', step), 2))::INTEGER AS pages,
      if(kind = 'basket', round(15 + 200 * pow(draw(id, 'value', step), 2), 2), NULL)
        AS basket_value
    FROM (
      SELECT
        *,
        starts_on + floor(day(last_day(starts_on)) * draw(id, 'visit day', step))::INTEGER
          AS visited_on,
        visited_on + if(draw(id, 'late', step) < 0.9,
          1, 2 + floor(28 * draw(id, 'load day', step))::INTEGER) AS loaded_on,
        if(draw(id, 'basket', step) < if(is_looking, 0.35, 0.08), 'basket', 'browse') AS kind
      FROM (SELECT *, month * 8 + slot AS step FROM months, range(8) AS slots(slot))
      WHERE draw(id, 'visit', step) < if(is_looking, 0.32, 0.06) * season)
    WHERE visited_on >= registered_on AND (closed_on IS NULL OR visited_on < closed_on)
      AND loaded_on <= getvariable('data_through');

    -- `status` is overwritten in place, as such columns are: it knows today's answer.
    ATTACH (getvariable('folder') || '/shop.duckdb') AS shop;
    CREATE OR REPLACE TABLE shop.customers AS
    SELECT
      customer_id, registered_on, channel,
      if(app_on <= getvariable('data_through'), app_on, NULL) AS app_installed_on,
      first_order_on,
      CASE
        WHEN closed_on <= getvariable('data_through') THEN 'closed'
        WHEN first_order_on IS NULL THEN 'prospect'
        ELSE 'buyer'
      END AS status
    FROM people LEFT JOIN orders USING (id)
    ORDER BY customer_id;
    DETACH shop;

    COPY (
      SELECT customer_id, valid_from, valid_to, region, newsletter, phone, address, is_closed
      FROM versions ORDER BY customer_id, valid_from
    ) TO (getvariable('folder') || '/profile.parquet') (FORMAT parquet);

    COPY (
      FROM visits ORDER BY ALL
    ) TO (getvariable('folder') || '/visits.parquet') (FORMAT parquet);

    """
}
