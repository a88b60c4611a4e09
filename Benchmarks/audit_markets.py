"""Markets that behave, and the exports that a company would make of them.

A market simulates the true history of its entities: what they want, what they do, what they buy. Nothing in it looks
at the future. An export then shows each table as of one day, `end`. `audit_worlds.py` adds columns to these exports:
honest ones, and ones that hold more than was known at a cutoff.
"""

import csv
import datetime
import json
import math
import os
import re

FIRST_DAY = datetime.date(2023, 1, 1)
END = 730  # 2024-12-31


def iso(day):
  return (FIRST_DAY + datetime.timedelta(day)).isoformat()


def weekday(day):
  """0 is Monday."""
  return (FIRST_DAY + datetime.timedelta(day)).weekday()


def month(day):
  date = FIRST_DAY + datetime.timedelta(day)
  return date.year * 12 + date.month - 1


def day_of(year, month_number, day):
  return (datetime.date(year, month_number, day) - FIRST_DAY).days


def quarter_start(day):
  date = FIRST_DAY + datetime.timedelta(day)
  return day_of(date.year, (date.month - 1) // 3 * 3 + 1, 1)


def sigmoid(x):
  return 1 / (1 + math.exp(-x))


def poisson_days(rng, start, stop, rate):
  """The days of a Poisson process from `start` on and before `stop`; up to an export, `stop` is the day after it."""
  days, at = [], start + rng.expovariate(rate)
  while at < stop:
    days.append(int(at))
    at += rng.expovariate(rate)
  return days


def poisson(rng, mean):
  limit, count, product = math.exp(-mean), 0, rng.random()
  while product > limit:
    count += 1
    product *= rng.random()
  return count


# Leads: companies that sometimes have a project, look around while they have one, and sometimes buy.

CHANNELS = ["web", "event", "referral", "partner"]
REGIONS = ["north", "south", "east", "west"]


class Lead:
  """One lead. `won` and `lost` are None if the day lies after the export."""

  def __init__(self, key, created):
    self.key, self.created = key, created
    self.won = self.lost = None
    self.projects = []  # (start, end, succeeds)
    self.visits = []


class LeadMarket:
  """How leads behave. A project starts every `gap` days on average, sooner for leads that fit."""

  def __init__(self, **settings):
    self.end = END
    self.gap = 260
    self.hot = 0.25  # the share that is created because of a project
    self.shortest, self.extra = 15, 30  # days of a project: at least, and on average beyond that
    self.success, self.fit_effect = -0.4, 0.9
    self.lost_share = 0.35  # of failed projects: the lead is closed
    self.quiet_rate, self.project_rate, self.customer_rate = 1 / 50, 1 / 7, 1 / 30  # visits a day
    self.season, self.busiest = (lambda day: 1.0), 1.0
    self.created = lambda rng: rng.randrange(0, self.end + 1)
    self.__dict__.update(settings)

  def leads(self, rng, count):
    return [self.lead(rng, f"L{number:05d}", self.created(rng)) for number in range(count)]

  def lead(self, rng, key, created, fit=None):
    lead = Lead(key, created)
    lead.fit = rng.gauss(0, 1) if fit is None else fit
    good = math.exp(0.5 * lead.fit)
    lead.channel = rng.choices(CHANNELS, [4, 2, 1.5 * good, good])[0]
    lead.region = rng.choice(REGIONS)
    lead.employees = 1 + round(math.exp(3 + 0.6 * lead.fit + 0.8 * rng.gauss(0, 1)))
    self._live(rng, lead)
    return lead

  def _live(self, rng, lead):
    at, starts_now = lead.created, rng.random() < self.hot
    while at <= self.end and lead.lost is None:
      start = at if starts_now else self._next_start(rng, at, lead.fit)
      starts_now = False
      self._visit(rng, lead, at, start, self.quiet_rate)
      if start > self.end:
        return
      stop = start + self.shortest + int(rng.expovariate(1 / self.extra))
      succeeds = rng.random() < sigmoid(self.success + self.fit_effect * lead.fit)
      lead.projects.append((start, stop, succeeds))
      self._visit(rng, lead, start, stop, self.project_rate)
      at = stop
      if stop > self.end:
        return
      if succeeds:
        lead.won = stop
        self._visit(rng, lead, stop + 1, self.end + 1, self.customer_rate)
        return
      if rng.random() < self.lost_share:
        lead.lost = stop

  def _next_start(self, rng, at, fit):
    rate = self.busiest / (self.gap * math.exp(-0.4 * fit))
    while at <= self.end:
      at += rng.expovariate(rate)
      if rng.random() < self.season(at) / self.busiest:
        return int(at)
    return self.end + 1

  def _visit(self, rng, lead, start, stop, rate):
    lead.visits += poisson_days(rng, start, min(stop, self.end + 1), rate)


def state(lead, end=END):
  """What a CRM shows for a lead on the day of the export."""
  if lead.won is not None:
    return "customer"
  if lead.lost is not None:
    return "closed"
  return "working" if any(start <= end < stop for start, stop, _ in lead.projects) else "new"


class Opportunity:
  """A project that sales heard of: opened a few days after it began, closed when it ended."""

  def __init__(self, lead, opened, closed, won, estimate):
    self.lead, self.opened, self.closed, self.won, self.estimate = lead, opened, closed, won, estimate


def opportunities(rng, leads, end=END):
  found = []
  for lead in leads:
    for start, stop, succeeds in lead.projects:
      opened = start + rng.randrange(1, 12)
      estimate = round(lead.employees * 90 * math.exp(0.5 * rng.gauss(0, 1)))
      if rng.random() < 0.8 and opened <= min(end, stop):
        found.append(Opportunity(lead, opened, stop if stop <= end else None, succeeds and stop <= end, estimate))
  return found


# Subscribers: satisfaction drifts, and decides how much they use the product, what they ask, and when they leave.


class Subscriber:
  def __init__(self, key, created):
    self.key, self.created, self.churned = key, created, None
    self.logins, self.tickets = [], []


class SubscriptionMarket:
  def __init__(self, **settings):
    self.end = END
    self.base = -4.6
    self.term = None  # days of a first term, near the end of which more subscribers leave
    self.created = lambda rng: rng.randrange(0, self.end + 1)
    self.__dict__.update(settings)

  def subscribers(self, rng, count):
    return [self.subscriber(rng, f"S{number:05d}", self.created(rng)) for number in range(count)]

  def subscriber(self, rng, key, created):
    one = Subscriber(key, created)
    one.plan = rng.choices(["basic", "team", "business"], [5, 3, 2])[0]
    one.seats = {"basic": 1, "team": 5, "business": 20}[one.plan] + poisson(rng, 2)
    one.first_satisfaction = rng.gauss({"basic": -0.2, "team": 0.1, "business": 0.5}[one.plan], 0.9)
    one.satisfaction = one.first_satisfaction
    one.term = rng.choice(self.term) if self.term else None
    day = created
    while day <= self.end and one.churned is None:
      self._week(rng, one, day)
      day += 7
    return one

  def _week(self, rng, one, day):
    hazard = self.base - 1.1 * one.satisfaction
    if one.term and -7 <= day - (created_end(one) - 21) <= 21:
      hazard += 2
    last = min(day + 7, self.end + 1)
    if rng.random() < sigmoid(hazard):
      left = day + rng.randrange(1, 8)
      if left <= self.end:
        one.churned = left
        last = left
    one.logins += poisson_days(rng, day, last, 0.12 * math.exp(0.5 * one.satisfaction))
    one.tickets += poisson_days(rng, day, last, 0.012 * math.exp(-0.7 * one.satisfaction))
    one.satisfaction += rng.gauss(-0.02, 0.22) - 0.02 * one.satisfaction


def created_end(subscriber):
  """The last day of the first term."""
  return subscriber.created + subscriber.term


# Shoppers: buy at their own rate until they stop for good, which nobody sees.


class Shopper:
  def __init__(self, key, created):
    self.key, self.created = key, created
    self.purchases = []  # (day, amount)


class ShopMarket:
  def __init__(self, **settings):
    self.end = END
    self.interval, self.lifetime = 75, 420
    self.season, self.busiest = (lambda day: 1.0), 1.0
    self.created = lambda rng: rng.randrange(0, self.end + 1)
    self.__dict__.update(settings)

  def shoppers(self, rng, count):
    return [self.shopper(rng, f"C{number:05d}", self.created(rng)) for number in range(count)]

  def shopper(self, rng, key, created):
    one = Shopper(key, created)
    rate = rng.gammavariate(1.5, 1 / 1.5) / self.interval
    one.region = rng.choice(REGIONS)
    one.channel = rng.choices(["store", "online", "app"], [3, 3, 2 * rate * self.interval])[0]
    basket = math.exp(3.5 + 0.5 * rng.gauss(0, 1))
    stops = created + rng.expovariate(1 / self.lifetime)
    one.purchases.append((created, self._amount(rng, basket)))
    for day in poisson_days(rng, created, min(stops, self.end + 1), rate * self.busiest):
      if rng.random() < self.season(day) / self.busiest:
        one.purchases.append((day, self._amount(rng, basket)))
    return one

  def _amount(self, rng, basket):
    return round(basket * math.exp(0.4 * rng.gauss(0, 1)), 2)


# Projects: tables and one spec, written into a folder of their own.


class Project:
  """The tables of an export and a spec that reads them."""

  def __init__(self, entity, end=END):
    self.entity, self.end = entity, end
    self.tables, self.sources, self.features = {}, {}, []
    self.keys = {}
    self.spec = {
      "data_through": iso(end),
      "cutoffs": {"every": "month_end", "train": 15, "calibrate": 0, "test": 3},
      "calibration": {"method": "none"},
      "model": {"params": {"num_iterations": 35, "num_leaves": 7, "learning_rate": 0.1, "min_data_in_leaf": 40}},
      "evaluation": {"intervals": {"resamples": 100}},
    }
    self.where = []

  def source(self, name, keys, key="id", **shape):
    """A table with one row per element of `keys`; `shape` names its `created`, `time`, `valid_from` and so on."""
    self.keys[name] = list(keys)
    self.tables[name] = {key: self.keys[name]}
    self.sources[name] = {"csv": f"{name}.csv", "key": key, **shape, "columns": {}}

  def column(self, source, name, values, type="text", kind=None, listed=True):
    """A column of a table. `kind` is its class; `listed` says whether the spec may read it."""
    values = list(values)
    assert len(values) == len(self.keys[source]), (source, name)
    if type == "date":
      values = [None if value is None else iso(value) for value in values]
    self.tables[source][name] = values
    if listed:
      self.sources[source]["columns"][name] = {"type": type, "class": kind} if kind else type

  def feature(self, name, **expression):
    self.features.append({name: expression})

  def text(self, name):
    spec = {"version": 1, "name": name, **self.spec}
    spec["sources"] = self.sources
    spec["feature_sets"] = {"all": self.features}
    spec["cohort"] = {"entity": self.entity, **({"where": self.where} if self.where else {})}
    spec["features"] = ["all"]
    return yaml(spec)

  def write(self, folder, name):
    os.makedirs(folder, exist_ok=True)
    for table, columns in self.tables.items():
      with open(f"{folder}/{table}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))
    with open(f"{folder}/spec.yaml", "w") as file:
      file.write(self.text(name))
    with open(f"{folder}/holdout.yaml", "w") as file:
      file.write("results: results\n")


PLAIN = re.compile(r"[A-Za-z0-9_./-]+( [A-Za-z0-9_./-]+)*")


def yaml(node, indent=""):
  """A map as YAML: small maps and lists on a line of their own, the others line by line."""
  lines = ""
  for key, value in node.items():
    flat = flow(value)
    if isinstance(value, dict) and value and len(indent + key + flat) > 110:
      lines += f"{indent}{key}:\n{yaml(value, indent + '  ')}"
    elif isinstance(value, list) and len(indent + key + flat) > 110:
      lines += f"{indent}{key}:\n" + "".join(f"{indent}  - {flow(item)}\n" for item in value)
    else:
      lines += f"{indent}{key}: {flat}\n"
  return lines


def flow(value):
  if isinstance(value, dict):
    return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
  if isinstance(value, list):
    return "[" + ", ".join(flow(item) for item in value) + "]"
  if isinstance(value, str) and PLAIN.fullmatch(value):
    return value
  return json.dumps(value)


def lead_project(leads, end=END, entity="leads", deals=True):
  """An export of leads and their visits. Buyers leave the cohort.

  The purchase is a row in a table of deals, or a column of the leads, the day of the first order.
  """
  project = Project(entity, end)
  project.source(entity, [lead.key for lead in leads], created="created")
  project.column(entity, "created", [lead.created for lead in leads], "date", "event")
  project.column(entity, "channel", [lead.channel for lead in leads], "text", "static")
  project.column(entity, "employees", [lead.employees for lead in leads], "integer", "static")
  if deals:
    buyers = [lead for lead in leads if lead.won is not None]
    project.source("deals", [lead.key for lead in buyers], created="won")
    project.column("deals", "won", [lead.won for lead in buyers], "date", "event")
  else:
    project.column(entity, "first_order", [lead.won for lead in leads], "date", "event")
  add_events(project, "visits", [(lead.key, day) for lead in leads for day in lead.visits])
  project.feature("age", days_since=f"{entity}.created")
  project.feature("visits", count="visits", within=["30 days", "90 days", "all"])
  project.feature("days_since_visit", days_since_last="visits")
  project.feature("employees", value=f"{entity}.employees")
  project.feature("channel", category=f"{entity}.channel")
  bought = "deals.won" if deals else f"{entity}.first_order"
  project.where = [{"not": {"happened": bought}}]
  project.spec["label"] = {"event": bought, "horizon": "1 month"}
  return project


def subscriber_project(subscribers, end=END):
  """An export of subscriptions, with the day of cancellation, logins and tickets."""
  project = Project("subscriptions", end)
  project.source("subscriptions", [one.key for one in subscribers], created="created")
  project.column("subscriptions", "created", [one.created for one in subscribers], "date", "event")
  project.column("subscriptions", "churned", [one.churned for one in subscribers], "date", "event")
  project.column("subscriptions", "plan", [one.plan for one in subscribers], "text", "static")
  project.column("subscriptions", "seats", [one.seats for one in subscribers], "integer", "static")
  add_events(project, "logins", [(one.key, day) for one in subscribers for day in one.logins])
  add_events(project, "tickets", [(one.key, day) for one in subscribers for day in one.tickets])
  project.feature("tenure", days_since="subscriptions.created")
  project.feature("plan", category="subscriptions.plan")
  project.feature("seats", value="subscriptions.seats")
  project.feature("logins", count="logins", within=["14 days", "60 days"])
  project.feature("days_since_login", days_since_last="logins")
  project.feature("tickets", count="tickets", within=["60 days", "all"])
  project.where = [{"not": {"happened": "subscriptions.churned"}}]
  project.spec["label"] = {"event": "subscriptions.churned", "horizon": "1 month"}
  return project


def shop_project(shoppers, end=END):
  """An export of customers and their purchases. Who bought may buy again, so nobody leaves the cohort."""
  project = Project("customers", end)
  project.source("customers", [one.key for one in shoppers], created="first_purchase")
  project.column("customers", "first_purchase", [one.created for one in shoppers], "date", "event")
  project.column("customers", "channel", [one.channel for one in shoppers], "text", "static")
  rows = [(one.key, *purchase) for one in shoppers for purchase in one.purchases]
  add_events(project, "purchases", [row[:2] for row in rows])
  project.column("purchases", "amount", [row[2] for row in rows], "number")
  project.feature("tenure", days_since="customers.first_purchase")
  project.feature("channel", category="customers.channel")
  project.feature("purchases", count="purchases", within=["30 days", "90 days", "all"])
  project.feature("days_since_purchase", days_since_last="purchases")
  project.feature("spend", sum="purchases.amount", within=["180 days"])
  project.spec["label"] = {"event": {"source": "purchases"}, "horizon": "1 month"}
  return project


def add_events(project, name, rows, known_at=None):
  """An event source of (key, day) rows, and the days on which they were recorded, if those differ."""
  shape = {"time": "day", **({"known_at": "recorded"} if known_at else {})}
  project.source(name, [key for key, _ in rows], **shape)
  project.column(name, "day", [day for _, day in rows], "date", listed=False)
  if known_at:
    project.column(name, "recorded", known_at, "date", listed=False)


def add_opportunities(project, found):
  project.source("opportunities", [one.lead.key for one in found], time="opened")
  project.column("opportunities", "opened", [one.opened for one in found], "date", listed=False)
  project.feature("opportunities", count="opportunities", within=["90 days", "all"])
