"""The worlds of `audit_scorecard`: small exports with a spec each, honest or with one leak.

`WORLDS` is the registry. Each world has a kind:

- honest: nothing in a column depends on what happens after a cutoff. An audit should not fail.
- leaky: one column, or the rows of one table, hold more than was known. An audit should fail and name it.
- uncatchable: a leak that looks like honest data in a single export; `why` says how. It is reported, not counted.

`names` are the names of the columns, tables or features any of which tells a reader where the leak is.
"""

import collections
import math

from audit_markets import (
  CHANNELS, END, REGIONS, LeadMarket, ShopMarket, SubscriptionMarket, add_events, add_opportunities,
  created_end, day_of, iso, lead_project, month, opportunities, poisson, poisson_days, quarter_start, shop_project,
  state, subscriber_project, weekday,
)

World = collections.namedtuple("World", "name kind names what why build")
WORLDS = []


def world(kind, what, names=(), why=None):
  """Registers a function of a seeded generator that returns a Project."""

  def register(build):
    WORLDS.append(World(build.__name__, kind, tuple(names), what, why, build))
    return build

  return register


def honest(what):
  return world("honest", what)


def leaky(what, *names):
  return world("leaky", what, names)


def uncatchable(what, *names, why):
  return world("uncatchable", what, names, why)


def some_leads(rng, count=4000, deals=True, **settings):
  leads = LeadMarket(**settings).leads(rng, count)
  return leads, lead_project(leads, settings.get("end", END), deals=deals)


def some_subscribers(rng, count=3000, **settings):
  subscribers = SubscriptionMarket(**settings).subscribers(rng, count)
  return subscribers, subscriber_project(subscribers)


def some_shoppers(rng, count=2500, **settings):
  shoppers = ShopMarket(**settings).shoppers(rng, count)
  return shoppers, shop_project(shoppers)


def base(project):
  """The honest world that a leaky one of the same kind grew from."""
  if project.entity == "leads":
    return "first_purchase" if "deals" in project.sources else "first_order"
  return {"subscriptions": "churn", "customers": "repeat_purchase", "pairs": "account_products"}[project.entity]


def likely(rng, chance, value, otherwise=None):
  return value if rng.random() < chance else otherwise


# Honest: entities, periods and rates.


@honest("leads and their first purchase; deals are a source of their own")
def first_purchase(rng):
  return some_leads(rng)[1]


@honest("leads with the day of their first order in their own row")
def first_order(rng):
  return some_leads(rng, deals=False)[1]


@honest("subscriptions that are cancelled")
def churn(rng):
  return some_subscribers(rng)[1]


@honest("repeat purchases, from transactions alone")
def repeat_purchase(rng):
  return some_shoppers(rng)[1]


@honest("one row per account and product, under a composite text key")
def account_products(rng):
  market, leads, sizes = LeadMarket(gap=300), [], []
  for number in range(1400):
    fit, created, size = rng.gauss(0, 1), rng.randrange(0, END + 1), None
    for product in ("crm", "erp", "mail"):
      lead = market.lead(rng, f"A{number:04d}:{product}", created, 0.7 * fit + 0.7 * rng.gauss(0, 1))
      size = size or 1 + round(math.exp(3 + 0.8 * fit + 0.6 * rng.gauss(0, 1)))
      leads.append(lead)
      sizes.append(size)
  project = lead_project(leads, entity="pairs")
  project.column("pairs", "product", [lead.key.split(":")[1] for lead in leads], "text", "static")
  project.column("pairs", "account_size", sizes, "integer", "static")
  project.feature("product", category="pairs.product")
  project.feature("account_size", value="pairs.account_size")
  return project


@honest("three times as many purchases in December, which is in test")
def december_spike(rng):
  season = lambda day: 3.0 if month(day) % 12 == 11 else 1.0
  return some_shoppers(rng, interval=150, season=season, busiest=3.0)[1]


@honest("projects start with the budget year, and slow down in summer")
def yearly_season(rng):
  season = lambda day: 1 + 0.7 * math.cos(day / 365.25 * 2 * math.pi)
  return some_leads(rng, deals=False, gap=300, season=season, busiest=1.7)[1]


def to_weekday(day):
  return day if day is None or weekday(day) < 5 else day + 7 - weekday(day)


@honest("an office that records everything from Monday to Friday")
def weekdays_only(rng):
  leads, _ = some_leads(rng)
  for lead in leads:
    lead.created = min(to_weekday(lead.created), END)
    lead.visits = [day for day in map(to_weekday, lead.visits) if day <= END]
    lead.won = to_weekday(lead.won)
    if lead.won is not None and lead.won > END:
      lead.won = None
  return lead_project(leads)


@honest("a cutoff every Friday, four weeks ahead")
def weekly_cutoffs(rng):
  _, project = some_leads(rng)
  project.spec["cutoffs"] = {"every": "friday", "train": 16, "calibrate": 0, "test": 4}
  project.spec["label"]["horizon"] = "28 days"
  return project


@honest("nine months of history")
def short_history(rng):
  _, project = some_leads(rng, end=270, gap=140)
  project.spec["cutoffs"] = {"every": "monday", "train": 14, "calibrate": 0, "test": 5}
  project.spec["label"]["horizon"] = "28 days"
  return project


@honest("eight times as many new leads in the last month as in the first")
def growth(rng):
  return some_leads(rng, created=lambda rng: int(END * math.log(1 + 7 * rng.random()) / math.log(8)))[1]


@honest("demand falls to a third over two years")
def shrinking_rate(rng):
  return some_leads(rng, 5000, gap=160, season=lambda day: 1 - 0.66 * day / END)[1]


@honest("leads that order a trial mostly buy within weeks: a strong, honest signal")
def strong_intent(rng):
  leads, project = some_leads(rng, 5000, gap=420, hot=0.05, shortest=30, extra=15, success=0.8, quiet_rate=1 / 60,
    project_rate=1 / 5)
  trials = [(lead.key, start + rng.randrange(2, 9)) for lead in leads for start, _, _ in lead.projects
    if rng.random() < 0.9]
  add_events(project, "trials", [row for row in trials if row[1] <= END])
  project.feature("trials", count="trials", within=["60 days", "all"])
  return project


@honest("leads that are closed leave the cohort, and their events stop")
def closed_leads(rng):
  leads, project = some_leads(rng, 5000, deals=False)
  project.column("leads", "closed", [lead.lost for lead in leads], "date", "event")
  project.where.append({"not": {"happened": "leads.closed"}})
  return project


@honest("only leads of the last 95 days are scored")
def quick_conversion(rng):
  _, project = some_leads(rng, 7000, deals=False, hot=0.5, gap=120)
  project.where.append({"sql": "cutoff - leads.created < 95"})
  return project


@honest("half of the customers buy in the next month")
def high_rate(rng):
  return some_shoppers(rng, 2000, interval=18, lifetime=1200)[1]


@honest("one lead in 300 buys in the next month")
def rare_positives(rng):
  _, project = some_leads(rng, 10000, deals=False, gap=4500, hot=0.01)
  project.spec["model"]["params"]["num_iterations"] = 25
  return project


@honest("900 leads of a company that was bought, all created on one day")
def bulk_import(rng):
  market, day = LeadMarket(), day_of(2024, 1, 16)
  leads = market.leads(rng, 3300)
  imported = [market.lead(rng, f"X{number:05d}", day) for number in range(900)]
  for lead in imported:
    lead.channel = "import"
    lead.employees = likely(rng, 0.4, lead.employees)
  return lead_project(leads + imported)


@honest("3 % of the leads asked to be deleted, at random; their visits are still there")
def deleted_at_random(rng):
  leads, project = some_leads(rng)
  visits = project.keys["visits"], project.tables["visits"]
  project = lead_project([lead for lead in leads if rng.random() > 0.03])
  project.keys["visits"], project.tables["visits"] = visits
  return project


# Honest: columns.


@honest("partners bring more leads every month, and better ones")
def drifting_mix(rng):
  leads, _ = some_leads(rng)
  for lead in leads:
    lead.channel = rng.choices(CHANNELS, [4, 2, 1, 3 * lead.created / END * math.exp(lead.fit)])[0]
  return lead_project(leads)


@honest("some leads belong to a group that is a customer, have its number from the first day, and buy more often")
def known_group(rng):
  market, leads, groups = LeadMarket(), [], []
  for number in range(4000):
    known = rng.random() < 0.15
    leads.append(market.lead(rng, f"L{number:05d}", rng.randrange(0, END + 1), rng.gauss(1.3 if known else -0.2, 0.9)))
    groups.append(f"G{rng.randrange(400):03d}" if known else None)
  project = lead_project(leads, deals=False)
  project.column("leads", "group_number", groups, "text", "static")
  project.feature("in_group", present="leads.group_number")
  return project


@honest("the status of each day, from versions that begin on the day it changed")
def status_versions(rng):
  leads, project = some_leads(rng, deals=False)
  rows = []
  for lead in leads:
    changes = {lead.created: "new"}
    for start, stop, succeeds in lead.projects:
      changes[start + rng.randrange(2, 10)] = "working"
      changes[stop] = "customer" if succeeds else "closed" if lead.lost == stop else "idle"
    starts = sorted(day for day in changes if day <= END)
    rows += [(lead.key, start, stop, changes[start]) for start, stop in zip(starts, starts[1:] + [None])]
  add_versions(project, rows)
  return project

@honest("territories are split in a reorganisation, owners change; both come from versions")
def territory_history(rng):
  leads, project = some_leads(rng, deals=False)
  split, rows = day_of(2024, 3, 26), []
  for lead in leads:
    changes = sorted({day for day in poisson_days(rng, lead.created + 1, END + 1, 1 / 400)} | {split})
    starts = [lead.created] + [day for day in changes if day > lead.created]
    for start, stop in zip(starts, starts[1:] + [None]):
      half = "" if start < split else f" {1 + lead.employees % 2}"
      rows.append((lead.key, start, stop, lead.region + half, f"rep{rng.randrange(12)}"))
  project.source("assignments", [row[0] for row in rows], valid_from="valid_from", valid_to="valid_to")
  project.column("assignments", "valid_from", [row[1] for row in rows], "date", listed=False)
  project.column("assignments", "valid_to", [row[2] for row in rows], "date", listed=False)
  project.column("assignments", "territory", [row[3] for row in rows])
  project.column("assignments", "owner", [row[4] for row in rows])
  project.feature("territory", category="assignments.territory", missing="none")
  project.feature("owner", category="assignments.owner", missing="none")
  return project


@honest("landing pages come and go every month; rare ones are folded into `other`")
def new_pages(rng):
  leads, project = some_leads(rng)
  pages = [f"p{lead.created // 30 * 3 + rng.randrange(12)}" for lead in leads]
  project.column("leads", "page", pages, "text", "static")
  project.feature("page", category="leads.page", min_frequency=400)
  return project


@honest("campaigns start all the time, and draw leads of different quality")
def new_campaigns(rng):
  leads, project = some_leads(rng)
  names = [f"{['search', 'fair', 'mail'][(lead.fit > 0.5) + (lead.fit > -0.5)]} {iso(lead.created)[:4]}q"
    f"{month(lead.created) % 12 // 3 + 1}" for lead in leads]
  campaigns = [likely(rng, 0.7, name, "none") for name in names]
  project.column("leads", "campaign", campaigns, "text", "static")
  project.feature("campaign", category="leads.campaign", min_frequency=300)
  return project


@honest("a form asks for the budget since September 2023; older leads have none")
def field_introduced(rng):
  leads, project = some_leads(rng, deals=False)
  since = day_of(2023, 9, 1)
  budgets = [round(math.exp(8 + 0.5 * lead.fit + 0.5 * rng.gauss(0, 1))) if lead.created >= since else None
    for lead in leads]
  project.column("leads", "budget", budgets, "integer", "static")
  project.feature("budget", value="leads.budget")
  return project


@honest("a third of the leads never told their size")
def missing_at_random(rng):
  leads, _ = some_leads(rng)
  for lead in leads:
    lead.employees = likely(rng, 0.67, lead.employees)
  return lead_project(leads)


@honest("the form's version and the list price at creation rise with time")
def age_correlated(rng):
  leads, project = some_leads(rng)
  project.column("leads", "form_version", [1 + lead.created // 60 for lead in leads], "integer", "static")
  project.column("leads", "list_price", [900 + 40 * (lead.created // 90) for lead in leads], "number", "static")
  project.feature("form_version", value="leads.form_version")
  project.feature("list_price", value="leads.list_price")
  return project


@honest("leads from the web have no phone number, all others have one")
def missing_by_channel(rng):
  leads, project = some_leads(rng)
  phones = [None if lead.channel == "web" else likely(rng, 0.96, f"555-{rng.randrange(10**6):06d}") for lead in leads]
  project.column("leads", "phone", phones, "text", "static")
  project.feature("has_phone", present="leads.phone")
  return project


@honest("the number of machines, asked once at creation, predicts the purchase well")
def fixed_quantity(rng):
  leads, project = some_leads(rng, deals=False, fit_effect=1.4)
  machines = [poisson(rng, math.exp(1.2 + 0.6 * lead.fit)) for lead in leads]
  project.column("leads", "machines", machines, "integer", "static")
  project.feature("machines", value="leads.machines")
  return project


@honest("the size was asked once, and rounded by whoever answered")
def coarse_answers(rng):
  leads, project = some_leads(rng, deals=False)
  bands = ["1-9" if lead.employees < 10 else "10-49" if lead.employees < 50 else "50+" for lead in leads]
  project.column("leads", "size_band", [likely(rng, 0.9, band, "unknown") for band in bands], "text", "static")
  project.feature("size_band", category="leads.size_band")
  return project


@honest("zones of regions, looked up in a table that never changes")
def lookup(rng):
  leads, project = some_leads(rng)
  project.column("leads", "region", [lead.region for lead in leads], "text", listed=False)
  project.tables["zones"] = {"region": REGIONS, "zone": ["a", "b", "a", "c"]}
  del project.sources["leads"]["csv"]
  project.sources["leads"] = {
    "sql": "SELECT l.*, z.zone FROM read_csv('leads.csv', all_varchar = true) l"
      " LEFT JOIN read_csv('zones.csv', all_varchar = true) z ON z.region = l.region", **project.sources["leads"]}
  project.sources["leads"]["columns"]["zone"] = {"type": "text", "class": "static"}
  project.feature("zone", category="leads.zone")
  return project


@honest("some leads come from two systems; the row that was loaded first is kept")
def two_systems(rng):
  leads, _ = some_leads(rng)
  second = [lead for lead in leads if rng.random() < 0.15]
  project = lead_project(leads)
  columns = project.tables["leads"]
  loads = [lead.created for lead in leads]
  rows = list(zip(columns["id"], columns["created"], columns["channel"], columns["employees"], map(iso, loads)))
  for lead in second:
    loaded = min(lead.created + rng.randrange(1, 30), END)
    rows.append((lead.key, iso(lead.created), rng.choice(CHANNELS), lead.employees, iso(loaded)))
  names = ["id", "created", "channel", "employees", "loaded"]
  project.tables["leads"] = {name: [row[at] for row in rows] for at, name in enumerate(names)}
  project.sources["leads"].update(duplicates="first", order=["loaded"])
  return project


@honest("contracts have a first term that is fixed at signing; more customers leave at its end")
def first_term(rng):
  subscribers, project = some_subscribers(rng, base=-5.0, term=[182, 365])
  project.column("subscriptions", "first_term_end", [created_end(one) for one in subscribers], "date", "static")
  project.feature("days_past_first_term", days_since="subscriptions.first_term_end")
  return project


# Honest: events.


def sales_calls(rng, leads):
  """Reps call leads that have a project more often, as they see them visit."""
  calls = []
  for lead in leads:
    stop = END + 1 if lead.won is None else lead.won
    calls += [(lead.key, day) for day in poisson_days(rng, lead.created, stop, 1 / 150)]
    for start, stop, _ in lead.projects:
      calls += [(lead.key, day) for day in poisson_days(rng, start + 3, min(stop, END + 1), 1 / 12)]
  return calls


@honest("calls are entered up to three weeks late, and the day of entry is known")
def late_entry(rng):
  leads, project = some_leads(rng)
  calls = sales_calls(rng, leads)
  entered = [day + min(int(rng.expovariate(1 / 4)), 21) for _, day in calls]
  kept = [at for at, day in enumerate(entered) if day <= END]
  add_events(project, "calls", [calls[at] for at in kept], [entered[at] for at in kept])
  project.feature("calls", count="calls", within=["30 days", "120 days"])
  return project


@honest("no calls on weekends and in three weeks of August, and no deals then")
def shutdown(rng):
  closed = {day for year in (2023, 2024) for day in range(day_of(year, 8, 5), day_of(year, 8, 26))}

  def open_day(day):
    while day is not None and (weekday(day) > 4 or day in closed):
      day += 1
    return day

  leads, _ = some_leads(rng)
  calls = [row for row in sales_calls(rng, leads) if open_day(row[1]) == row[1]]
  for lead in leads:
    lead.won = open_day(lead.won)
    lead.won = lead.won if lead.won is None or lead.won <= END else None
  project = lead_project(leads)
  add_events(project, "calls", calls)
  project.feature("calls", count="calls", within=["30 days", "120 days"])
  return project


@honest("opportunities with the day they were closed, of class `event`: old rows have it, new ones do not yet")
def closing_day(rng):
  leads, project = some_leads(rng)
  found = opportunities(rng, leads)
  add_opportunities(project, found)
  project.column("opportunities", "closed", [one.closed for one in found], "date", "event")
  project.feature("open_opportunities", count="opportunities", where="closed is null")
  project.feature("closed_opportunities", count="opportunities", where="closed is not null")
  return project


@honest("the same without a class: a date of an event row is then of class `event`")
def closed_without_class(rng):
  leads, project = some_leads(rng)
  found = opportunities(rng, leads)
  add_opportunities(project, found)
  project.column("opportunities", "closed", [one.closed for one in found], "date")
  project.feature("closed_opportunities", count="opportunities", where="closed is not null")
  return project


@honest("calls with an outcome that is entered on the same day and stays")
def call_outcome(rng):
  leads, project = some_leads(rng, deals=False)
  calls, outcomes = sales_calls(rng, leads), []
  by_key = {lead.key: lead for lead in leads}
  for key, day in calls:
    busy = any(start <= day < stop for start, stop, _ in by_key[key].projects)
    outcomes.append(rng.choices(["interested", "later", "no"], [4 if busy else 1, 2, 1])[0])
  add_events(project, "calls", calls)
  project.column("calls", "outcome", outcomes)
  project.feature("good_calls", count="calls", where="outcome = 'interested'", within="90 days")
  project.feature("calls", count="calls", within="90 days")
  return project


@honest("quotes with an amount that is never changed")
def quotes(rng):
  leads, project = some_leads(rng, deals=False)
  rows = []
  for lead in leads:
    for start, stop, _ in lead.projects:
      for day in poisson_days(rng, start + 8, min(stop, END + 1), 1 / 25):
        rows.append((lead.key, day, round(lead.employees * 80 * math.exp(0.4 * rng.gauss(0, 1)))))
  add_events(project, "quotes", [row[:2] for row in rows])
  project.column("quotes", "amount", [row[2] for row in rows], "number")
  project.feature("quotes", count="quotes", within=["60 days", "all"])
  project.feature("largest_quote", max="quotes.amount")
  return project


@honest("tickets with a channel and a priority that are set when they are opened")
def ticket_priority(rng):
  subscribers, project = some_subscribers(rng)
  by_key = {one.key: one for one in subscribers}
  keys = project.keys["tickets"]
  priorities = [rng.choices(["low", "normal", "high"], [3, 4, 2 * math.exp(-0.5 * by_key[key].first_satisfaction)])[0]
    for key in keys]
  project.column("tickets", "priority", priorities)
  project.column("tickets", "channel", [rng.choice(["phone", "mail"]) for _ in keys])
  project.feature("urgent_tickets", count="tickets", where="priority = 'high'", within="90 days")
  project.feature("ticket_channels", distinct="tickets.channel")
  return project


@honest("tickets by chat, which opened in January 2024 and took over half of them")
def ticket_chat(rng):
  subscribers, project = some_subscribers(rng)
  days = [day for one in subscribers for day in one.tickets]
  opens = day_of(2024, 1, 8)
  channels = [likely(rng, 0.5 if day >= opens else 0, "chat", rng.choice(["phone", "mail"])) for day in days]
  project.column("tickets", "channel", channels)
  project.feature("chats", count="tickets", where="channel = 'chat'", within="90 days")
  project.feature("ticket_channels", distinct="tickets.channel")
  return project


# Leaky: columns of today that are declared static.


@leaky("the status of today, as `static`", "status")
def status_today(rng):
  leads, project = some_leads(rng)
  project.column("leads", "status", [state(lead) for lead in leads], "text", "static")
  project.feature("status", category="leads.status")
  return project


@leaky("a stage that is kept up to date for a third of the leads", "stage")
def stage_half_kept(rng):
  leads, project = some_leads(rng, deals=False)
  first = [rng.choices(["new", "contacted", "qualified"], [4, 3, 2 * math.exp(0.4 * lead.fit)])[0] for lead in leads]
  today = {"customer": "won", "closed": "lost"}
  stages = [likely(rng, 0.35, today.get(state(lead), stage), stage) for lead, stage in zip(leads, first)]
  project.column("leads", "stage", stages, "text", "static")
  project.feature("stage", category="leads.stage")
  return project


@leaky("a lead score that is computed every night", "lead_score")
def score_today(rng):
  leads, project = some_leads(rng)
  scores = []
  for lead in leads:
    recent = sum(1 for day in lead.visits if day > END - 60)
    scores.append(round(50 + 8 * lead.fit + 3 * recent + 20 * (state(lead) == "customer") + rng.gauss(0, 8)))
  project.column("leads", "lead_score", scores, "integer", "static")
  project.feature("lead_score", value="leads.lead_score")
  return project


@leaky("whether the lead is a customer today", "is_customer")
def customer_flag(rng):
  leads, project = some_leads(rng, deals=False)
  project.column("leads", "is_customer", [int(lead.won is not None) for lead in leads], "flag", "static")
  project.feature("is_customer", flag="leads.is_customer")
  return project


@leaky("a newsletter flag that a third of the buyers get with their order, and a quarter of all leads at creation",
  "newsletter")
def newsletter_weak(rng):
  leads, project = some_leads(rng)
  flags = [int(rng.random() < 0.25 or (lead.won is not None and rng.random() < 0.33)) for lead in leads]
  project.column("leads", "newsletter", flags, "flag", "static")
  project.feature("newsletter", flag="leads.newsletter")
  return project


@leaky("an account number that a lead gets with its first order", "account", "has_account")
def account_at_order(rng):
  leads, project = some_leads(rng)
  accounts = [None if lead.won is None else f"AC{rng.randrange(10**6):06d}" for lead in leads]
  project.column("leads", "account", accounts, "text", "static")
  project.feature("has_account", present="leads.account")
  return project


@leaky("the same, but a fifth of the leads have an account from before", "account", "has_account")
def account_partly(rng):
  leads, project = some_leads(rng, deals=False)
  accounts = [f"AC{rng.randrange(10**6):06d}" if lead.won is not None or rng.random() < 0.2 else None
    for lead in leads]
  project.column("leads", "account", accounts, "text", "static")
  project.feature("has_account", present="leads.account")
  return project


@leaky("the parent account's name, as a category; a closed lead gets one of 60 when it is closed", "parent")
def parent_at_closing(rng):
  leads, project = some_leads(rng)
  parents = [likely(rng, 0.9 if state(lead) in ("customer", "closed") else 0.3, f"g{rng.randrange(60)}")
    for lead in leads]
  project.column("leads", "parent", parents, "text", "static")
  project.feature("parent", category="leads.parent", missing="none")
  return project


@leaky("a payment method that is removed when a subscription is cancelled", "payment_method")
def payment_removed(rng):
  subscribers, project = some_subscribers(rng)
  methods = [likely(rng, 0.03 if one.churned is not None else 0.98, rng.choice(["card", "invoice", "debit"]))
    for one in subscribers]
  project.column("subscriptions", "payment_method", methods, "text", "static")
  project.feature("payment_method", category="subscriptions.payment_method", missing="none")
  return project


@leaky("all visits up to the export, as a number of the lead", "lifetime_visits")
def lifetime_visits(rng):
  leads, project = some_leads(rng, deals=False)
  project.column("leads", "lifetime_visits", [len(lead.visits) for lead in leads], "integer", "static")
  project.feature("lifetime_visits", value="leads.lifetime_visits")
  return project


@leaky("all money ever spent, up to the export", "total_spend")
def total_spend(rng):
  shoppers, project = some_shoppers(rng)
  totals = [round(sum(amount for _, amount in one.purchases), 2) for one in shoppers]
  project.column("customers", "total_spend", totals, "number", "static")
  project.feature("total_spend", value="customers.total_spend")
  return project


@leaky("a segment by recency and frequency as of the export", "segment")
def rfm_segment(rng):
  shoppers, project = some_shoppers(rng)
  segments = []
  for one in shoppers:
    recent, often = END - one.purchases[-1][0] < 90, len(one.purchases) > 3
    segments.append(("champion" if often else "promising") if recent else ("at risk" if often else "asleep"))
  project.column("customers", "segment", segments, "text", "static")
  project.feature("segment", category="customers.segment")
  return project


@leaky("whether the customer is active today", "is_active")
def active_flag(rng):
  shoppers, project = some_shoppers(rng)
  active = [int(END - one.purchases[-1][0] < 120) for one in shoppers]
  project.column("customers", "is_active", active, "flag", "static")
  project.feature("is_active", flag="customers.is_active")
  return project


@leaky("the day of the last login up to the export, as a static date", "last_login", "days_since_last_login")
def last_login(rng):
  subscribers, project = some_subscribers(rng)
  days = [max(one.logins, default=None) for one in subscribers]
  project.column("subscriptions", "last_login", days, "date", "static")
  project.feature("days_since_last_login", days_since="subscriptions.last_login")
  return project


@leaky("the day of the last change of the record, as a static date", "modified", "days_since_change")
def modified_date(rng):
  leads, project = some_leads(rng)
  days = []
  for lead in leads:
    touched = [lead.created] + poisson_days(rng, lead.created, END + 1, 1 / 200)
    days.append(max(touched + [day for day in (lead.won, lead.lost) if day is not None]))
  project.column("leads", "modified", days, "date", "static")
  project.feature("days_since_change", days_since="leads.modified")
  return project


@leaky("the owner; an account manager takes over when a lead buys", "owner")
def owner_after_win(rng):
  leads, project = some_leads(rng, deals=False)
  owners = [f"rep{rng.randrange(14):02d}" if lead.won is None or rng.random() < 0.1 else f"am{rng.randrange(4)}"
    for lead in leads]
  project.column("leads", "owner", owners, "text", "static")
  project.feature("owner", category="leads.owner")
  return project


@leaky("revenue that a service fills in for customers, and for a few others", "revenue")
def enriched_for_customers(rng):
  leads, project = some_leads(rng)
  revenues = []
  for lead in leads:
    revenue = round(lead.employees * 120 * math.exp(0.3 * rng.gauss(0, 1)))
    revenues.append(likely(rng, 0.9 if lead.won is not None else 0.15, revenue))
  project.column("leads", "revenue", revenues, "number", "static")
  project.feature("revenue", value="leads.revenue")
  return project


@leaky("the number of staff: rounded as told, and corrected with the credit check before the first invoice", "staff")
def staff_corrected(rng):
  leads, project = some_leads(rng)

  def told(lead):
    return 5 * max(1, round(lead.employees * math.exp(0.3 * rng.gauss(0, 1)) / 5))

  staff = [likely(rng, 0.8 if lead.won is not None else 0, round(lead.employees * 1.6) + 1, told(lead))
    for lead in leads]
  project.column("leads", "staff", staff, "integer", "static")
  project.feature("staff", value="leads.staff")
  return project


@leaky("the industry as typed, and standardized after the first order", "industry")
def industry_cleaned(rng):
  clean = {"Software & Services": ["software", "IT", "sw"], "Machinery": ["machines", "engineering"],
    "Health Care": ["health", "clinic", "medical"], "Retail": ["shop", "retail"]}
  leads, project = some_leads(rng, deals=False)
  industries = []
  for lead in leads:
    name = rng.choice(list(clean))
    done = 0.9 if lead.won is not None else 0.1
    industries.append(likely(rng, done, name, rng.choice(clean[name])))
  project.column("leads", "industry", industries, "text", "static")
  project.feature("industry", category="leads.industry")
  return project


@leaky("the last answer to a survey, given at the end of the subscription or near the export", "satisfaction")
def survey_latest(rng):
  subscribers, project = some_subscribers(rng)
  answers = [round(min(10, max(0, 6.5 + 1.6 * one.satisfaction + rng.gauss(0, 1)))) for one in subscribers]
  project.column("subscriptions", "satisfaction", answers, "integer", "static")
  project.feature("satisfaction", value="subscriptions.satisfaction")
  return project


@leaky("a health color that half of the cancelled subscriptions get as they leave", "health")
def health_color(rng):
  subscribers, project = some_subscribers(rng)
  colors = []
  for one in subscribers:
    first = one.first_satisfaction + rng.gauss(0, 0.6)
    color = "green" if first > 0 else "yellow" if first > -1.2 else "red"
    colors.append("red" if one.churned is not None and rng.random() < 0.5 else color)
  project.column("subscriptions", "health", colors, "text", "static")
  project.feature("health", category="subscriptions.health")
  return project


@leaky("the end of the contract, which every renewal moves by a year", "contract_end", "days_past_contract")
def contract_renewed(rng):
  subscribers, project = some_subscribers(rng)
  ends = []
  for one in subscribers:
    last = one.churned if one.churned is not None else END
    ends.append(one.created + 365 * (1 + (last - one.created) // 365))
  project.column("subscriptions", "contract_end", ends, "date", "static")
  project.feature("days_past_contract", days_since="subscriptions.contract_end")
  return project


@leaky("the country, taken from the first invoice where it was not known", "country")
def country_from_invoice(rng):
  leads, project = some_leads(rng, deals=False)
  countries = [likely(rng, 1 if lead.won is not None else 0.55, rng.choice(["DE", "FR", "US", "US", "UK"]), "n/a")
    for lead in leads]
  project.column("leads", "country", countries, "text", "static")
  project.feature("country", category="leads.country")
  return project


@leaky("the discount that was agreed with the order, 0 before", "discount")
def discount_at_order(rng):
  leads, project = some_leads(rng)
  discounts = [0 if lead.won is None else likely(rng, 0.5, rng.choice([5, 10, 15]), 0) for lead in leads]
  project.column("leads", "discount", discounts, "integer", "static")
  project.feature("discount", value="leads.discount")
  return project


@leaky("the share of a campaign's dozen leads that have bought by the export", "campaign_rate")
def campaign_rate(rng):
  leads, project = some_leads(rng)
  campaigns = [f"{lead.created // 30}-{rng.randrange(14)}" for lead in leads]
  won, size = collections.Counter(), collections.Counter(campaigns)
  for lead, campaign in zip(leads, campaigns):
    won[campaign] += lead.won is not None
  rates = [round(won[campaign] / size[campaign], 3) for campaign in campaigns]
  project.column("leads", "campaign_rate", rates, "number", "static")
  project.feature("campaign_rate", value="leads.campaign_rate")
  return project


@leaky("the tier in today's account table, joined by a source's own SQL", "tier")
def tier_joined(rng):
  leads, project = some_leads(rng)
  tiers = ["none" if lead.won is None else rng.choice(["silver", "silver", "gold"]) for lead in leads]
  project.tables["accounts"] = {"lead": [lead.key for lead in leads], "tier": tiers}
  del project.sources["leads"]["csv"]
  project.sources["leads"] = {
    "sql": "SELECT l.*, a.tier FROM read_csv('leads.csv', all_varchar = true) l"
      " LEFT JOIN read_csv('accounts.csv', all_varchar = true) a ON a.lead = l.id", **project.sources["leads"]}
  project.sources["leads"]["columns"]["tier"] = {"type": "text", "class": "static"}
  project.feature("tier", category="leads.tier")
  return project


@leaky("the license of today, per account and product", "license")
def product_license(rng):
  project = account_products(rng)
  won = set(project.keys["deals"])
  licenses = [rng.choice(["basic", "pro"]) if key in won else rng.choices(["none", "trial"], [4, 1])[0]
    for key in project.keys["pairs"]]
  project.column("pairs", "license", licenses, "text", "static")
  project.feature("license", category="pairs.license")
  return project


@leaky("every change writes the lead again, and the newest row is kept", "status")
def newest_duplicate(rng):
  leads, project = some_leads(rng, deals=False)
  columns = project.tables["leads"]
  rows = []
  for at, lead in enumerate(leads):
    fields = tuple(columns[name][at] for name in ("id", "created", "channel", "employees", "first_order"))
    rows.append((*fields, "new", iso(lead.created)))
    end = lead.won if lead.won is not None else lead.lost
    if end is not None:
      rows.append((*fields, state(lead), iso(end)))
  names = ["id", "created", "channel", "employees", "first_order", "status", "updated"]
  project.tables["leads"] = {name: [row[at] for row in rows] for at, name in enumerate(names)}
  project.sources["leads"].update(duplicates="last", order=["updated"])
  project.sources["leads"]["columns"]["status"] = {"type": "text", "class": "static"}
  project.feature("status", category="leads.status")
  return project


@leaky("the day of creation; a migration gave many buyers the day their account was set up", "created", "age")
def created_overwritten(rng):
  leads, _ = some_leads(rng)
  for lead in leads:
    if lead.won is not None and rng.random() < 0.6:
      lead.created = max(lead.created, lead.won - rng.randrange(4, 45))
  return lead_project(leads)


# Leaky: rows of events that are changed, inserted or deleted later.


@leaky("the stage of opportunities, overwritten until they are closed", "stage", "won_opportunities",
  "lost_opportunities")
def opportunity_stage(rng):
  leads, project = some_leads(rng, deals=False)
  found = opportunities(rng, leads)
  add_opportunities(project, found)
  stages = ["won" if one.won else "lost" if one.closed is not None else "open" for one in found]
  project.column("opportunities", "stage", stages)
  project.feature("won_opportunities", count="opportunities", where="stage = 'won'")
  project.feature("lost_opportunities", count="opportunities", where="stage = 'lost'")
  return project


@leaky("the amount of opportunities: an estimate, then the price, or 0 if it was lost", "amount", "largest_opportunity")
def opportunity_amount(rng):
  leads, project = some_leads(rng)
  found = opportunities(rng, leads)
  add_opportunities(project, found)
  amounts = [one.estimate if one.closed is None else round(one.estimate * rng.uniform(0.7, 1.0)) if one.won else 0
    for one in found]
  project.column("opportunities", "amount", amounts, "number")
  project.feature("largest_opportunity", max="opportunities.amount")
  return project


@leaky("the probability that a rep gives an opportunity, as of the export", "probability")
def opportunity_probability(rng):
  leads, project = some_leads(rng, deals=False)
  found = opportunities(rng, leads)
  add_opportunities(project, found)
  values = []
  for one in found:
    guess = 10 * min(9, max(1, round(4 + 1.2 * one.lead.fit + rng.gauss(0, 1.5))))
    values.append(guess if one.closed is None or rng.random() < 0.4 else 100 if one.won else 0)
  project.column("opportunities", "probability", values, "integer")
  project.feature("probability", max="opportunities.probability", within="180 days")
  return project


@leaky("why an opportunity was closed; filled in when it is", "closing_reason", "reasons")
def closing_reason(rng):
  leads, project = some_leads(rng)
  found = opportunities(rng, leads)
  add_opportunities(project, found)
  reasons = [None if one.closed is None else rng.choice(["price", "fit"]) if one.won
    else rng.choice(["price", "no budget", "no answer"]) for one in found]
  project.column("opportunities", "closing_reason", reasons)
  project.feature("reasons", count="opportunities", where="closing_reason in ('no budget', 'no answer')")
  return project


@leaky("the status of tickets; a cancellation closes those of the last two months", "status", "dropped_tickets")
def ticket_status(rng):
  subscribers, project = some_subscribers(rng)
  churned = {one.key: one.churned for one in subscribers}
  rows = [(one.key, day) for one in subscribers for day in one.tickets]
  statuses = ["dropped" if churned[key] is not None and day > churned[key] - 60 else
    "open" if day > END - 10 else likely(rng, 0.95, "solved", "dropped") for key, day in rows]
  project.column("tickets", "status", statuses)
  project.feature("dropped_tickets", count="tickets", where="status = 'dropped'", within="90 days")
  return project


@leaky("the outcome of visits; a purchase marks those of the last 40 days as converted", "outcome", "good_visits")
def visit_outcome(rng):
  leads, project = some_leads(rng, deals=False)
  outcomes = []
  for lead in leads:
    for day in lead.visits:
      led = lead.won is not None and lead.won - 40 <= day <= lead.won
      outcomes.append("converted" if led and rng.random() < 0.8 else rng.choice(["read", "left", "asked"]))
  project.column("visits", "outcome", outcomes)
  project.feature("good_visits", count="visits", where="outcome in ('converted', 'asked')", within="60 days")
  return project


@leaky("onboarding calls that are entered with the purchase, dated before it", "onboarding")
def onboarding_backdated(rng):
  leads, project = some_leads(rng, deals=False)
  rows = []
  for lead in leads:
    if lead.won is not None and rng.random() < 0.7:
      rows += [(lead.key, max(lead.created, lead.won - rng.randrange(3, 40))) for _ in range(rng.randrange(1, 4))]
  add_events(project, "onboarding", rows)
  project.feature("onboarding", count="onboarding")
  return project


@leaky("invoices that are dated with the first day of the quarter", "invoices")
def invoices_by_quarter(rng):
  leads, project = some_leads(rng)
  rows = []
  for lead in leads:
    rows += [(lead.key, quarter_start(day)) for day in poisson_days(rng, lead.created, END + 1, 1 / 1500)]
    if lead.won is not None:
      rows += [(lead.key, quarter_start(lead.won))] * rng.randrange(1, 3)
  add_events(project, "invoices", rows)
  project.feature("invoices", count="invoices", within="120 days")
  return project


@leaky("visits of leads that were lost are deleted a month later", "visits", "days_since_visit")
def loser_visits_deleted(rng):
  leads, _ = some_leads(rng)
  for lead in leads:
    if lead.lost is not None and lead.lost < END - 30 and rng.random() < 0.9:
      lead.visits = []
  return lead_project(leads)


@leaky("leads that were lost are deleted after two months, while their visits are kept", "leads", "visits")
def losers_deleted(rng):
  leads, project = some_leads(rng, 5000)
  kept = [lead for lead in leads if lead.lost is None or lead.lost > END - 60 or rng.random() < 0.2]
  visits = project.keys["visits"], project.tables["visits"]
  project = lead_project(kept)
  project.keys["visits"], project.tables["visits"] = visits
  return project


@leaky("no deal of the last 25 days has arrived yet", "won", "deals", "data_through")
def late_deals(rng):
  leads, _ = some_leads(rng)
  for lead in leads:
    if lead.won is not None and lead.won > END - 25:
      lead.won = None
  return lead_project(leads)


@leaky("deals of the best channel arrive two months late", "won", "deals", "channel", "data_through")
def late_partner_deals(rng):
  market = LeadMarket()
  leads = [market.lead(rng, f"L{number:05d}", rng.randrange(0, END + 1), rng.gauss(0, 1)) for number in range(4500)]
  for lead in leads:
    lead.channel = rng.choices(CHANNELS, [4, 2, 1, 3 * math.exp(1.5 * lead.fit)])[0]
    if lead.channel == "partner" and lead.won is not None and lead.won > END - 60:
      lead.won = None
  return lead_project(leads)


@leaky("versions of a segment; a key account is one since the quarter began in which it bought", "segment")
def segment_backdated(rng):
  leads, project = some_leads(rng, deals=False)
  rows = []
  for lead in leads:
    changes = {lead.created: "standard"}
    for day in poisson_days(rng, lead.created + 1, END + 1, 1 / 2500):
      changes[day] = "strategic"
    if lead.won is not None:
      changes[max(lead.created, quarter_start(lead.won))] = "key account"
    starts = sorted(changes)
    rows += [(lead.key, start, stop, changes[start]) for start, stop in zip(starts, starts[1:] + [None])]
  add_versions(project, rows)
  return project


def add_versions(project, rows):
  """A source of versions of a lead's segment, from rows of key, first day, day after the last, segment."""
  project.source("segments", [row[0] for row in rows], valid_from="valid_from", valid_to="valid_to")
  project.column("segments", "valid_from", [row[1] for row in rows], "date", listed=False)
  project.column("segments", "valid_to", [row[2] for row in rows], "date", listed=False)
  project.column("segments", "segment", [row[3] for row in rows])
  project.feature("segment", category="segments.segment", missing="none")


# Uncatchable: the export is also one that honest data could have made.


@uncatchable("leads that were lost are deleted with everything they did", "leads",
  why="without a trace of the deleted rows, this is a market that had fewer and better leads in the past")
def losers_gone(rng):
  leads, _ = some_leads(rng, 5000)
  return lead_project([lead for lead in leads if lead.lost is None or lead.lost > END - 60 or rng.random() < 0.2])


@uncatchable("calls that are entered with the purchase, dated before it, among many ordinary ones", "calls",
  why="reps do call more before a purchase; without a day of entry nobody sees which calls were entered afterward")
def calls_backdated(rng):
  leads, project = some_leads(rng, deals=False)
  calls = sales_calls(rng, leads)
  for lead in leads:
    if lead.won is not None:
      calls += [(lead.key, max(lead.created, lead.won - rng.randrange(3, 40))) for _ in range(rng.randrange(0, 3))]
  add_events(project, "calls", calls)
  project.feature("calls", count="calls", within=["30 days", "120 days"])
  return project


@uncatchable("the share of a channel's leads that have bought by the export", "channel_rate",
  why="a channel has hundreds of leads, so its rate hardly differs from one computed before the first cutoff")
def channel_rate(rng):
  leads, project = some_leads(rng, deals=False)
  won, size = collections.Counter(), collections.Counter(lead.channel for lead in leads)
  for lead in leads:
    won[lead.channel] += lead.won is not None
  rates = [round(won[lead.channel] / size[lead.channel], 3) for lead in leads]
  project.column("leads", "channel_rate", rates, "number", "static")
  project.feature("channel_rate", value="leads.channel_rate")
  return project


@uncatchable("a third of the deals of the last two months, at random, have not arrived yet", "won", "deals",
  "data_through",
  why="demand may just as well have fallen by a third; only a later export tells")
def late_deals_at_random(rng):
  leads, _ = some_leads(rng)
  for lead in leads:
    if lead.won is not None and lead.won > END - 60 and rng.random() < 0.33:
      lead.won = None
  return lead_project(leads)


@uncatchable("a rating of 1 to 5 that a tenth of the buyers have raised by one", "rating",
  why="the change is smaller than what chance makes of a rating that was given once")
def rating_nudged(rng):
  leads, project = some_leads(rng)
  ratings = []
  for lead in leads:
    rating = min(5, max(1, round(3 + 0.7 * lead.fit + rng.gauss(0, 1))))
    ratings.append(min(5, rating + (lead.won is not None and rng.random() < 0.1)))
  project.column("leads", "rating", ratings, "integer", "static")
  project.feature("rating", value="leads.rating")
  return project


@uncatchable("versions of a segment that follow from a project, entered late and dated ten days back", "segment",
  why="an office that enters the same changes ten days sooner has nearly the same table")
def segment_dated_back(rng):
  leads, project = some_leads(rng)
  rows = []
  for lead in leads:
    changes = {lead.created: "standard"}
    for start, stop, _ in lead.projects:
      entered = start + rng.randrange(12, 25)
      if entered <= END and entered < stop and rng.random() < 0.7:
        changes[max(lead.created, entered - 10)] = "hot"
    starts = sorted(changes)
    rows += [(lead.key, start, stop, changes[start]) for start, stop in zip(starts, starts[1:] + [None])]
  add_versions(project, rows)
  return project
