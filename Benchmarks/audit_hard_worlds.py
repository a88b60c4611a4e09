"""Honest exports as hard as real data: recessions, campaigns and reorganizations just before the end of the data, forms and
vendors that change, business that comes and goes. `audit_scorecard --hard` adds them to the honest worlds.

A few change their recording on one day (a form field is dropped, a vendor's score stops, plans are renamed): an audit that fails
there tells a person something worth knowing, and a spec accepts it with a reason.
"""

import collections
import math

import audit_markets as am
import audit_worlds as aw
from audit_markets import *  # noqa: F403
from audit_worlds import World, likely, sales_calls, some_leads, some_shoppers, some_subscribers, to_weekday

HARD_WORLDS = []

def honest(build):
  """Registers a function of a seeded generator that returns a Project without a leak."""
  what = (build.__doc__ or build.__name__.replace("_", " ")).strip()
  HARD_WORLDS.append(World(build.__name__, "honest", (), what, None, build))
  return build


YEARS4 = 1460  # 2026-12-31
def long_lead_project(leads, end, horizon="6 months", train=24, test=3, deals=True):
  p = lead_project(leads, end, deals=deals)
  p.spec["cutoffs"] = {"every": "month_end", "train": train, "calibrate": 0, "test": test}
  p.spec["label"]["horizon"] = horizon
  return p

def wchoice(rng, names, weights): return rng.choices(names, weights)[0]

# --- seasons
@honest
def season_leads_slow_end(rng):
  # projects start mostly in May to July, hardly in December
  season = lambda d: 1 - 0.85 * math.cos((d - 0) / 365.25 * 2 * math.pi)
  def created(r):
    while True:
      d = r.randrange(0, 1096)
      if r.random() < (1 - 0.6 * math.cos(d / 365.25 * 2 * math.pi)) / 1.6: return d
  m = LeadMarket(season=season, busiest=1.85, end=1095, created=created)
  return lead_project(m.leads(rng, 5000), 1095, deals=False)

@honest
def season_shop_slow_end(rng):
  season = lambda d: math.exp(1.1 * math.sin((d - 60) / 365.25 * 2 * math.pi))  # peak in June, trough in December
  p = shop_project(ShopMarket(season=season, busiest=3.1, end=1095).shoppers(rng, 2500), 1095)
  return p

@honest
def season_two_years(rng):
  season = lambda d: math.exp(1.1 * math.sin((d - 60) / 365.25 * 2 * math.pi))
  return shop_project(ShopMarket(season=season, busiest=3.1).shoppers(rng, 2500))

@honest
def fairs_in_spring_and_autumn(rng):
  leads = LeadMarket(end=1005).leads(rng, 5000)  # ends 2025-10-02, just after the autumn fairs
  for l in leads:
    m = month(l.created) % 12
    f = 6 if m in (2, 3, 8, 9) else 0.5
    l.channel = wchoice(rng, CHANNELS, [4, 2 * f * math.exp(-0.7 * l.fit), 1.5, math.exp(l.fit)])
  return lead_project(leads, 1005)

@honest
def year_end_closing(rng):
  # deals pile up at quarter ends, and the office is closed 12-21 to 12-31
  leads, _ = some_leads(rng)
  for l in leads:
    if l.won is not None:
      q = quarter_start(l.won) + 88
      if abs(q - l.won) < 25 and rng.random() < 0.6: l.won = max(l.created, min(q, END))
    l.visits = [d for d in l.visits if not (month(d) % 12 == 11 and int(iso(d)[-2:]) > 20 and rng.random() < 0.8)]
  return lead_project(leads)

# --- changes shortly before the end
def price_change(rng, before, count=4000):
  leads, _ = some_leads(rng, count)
  prices = [900, 950, 1010, 1180]
  def price(d): return 1180 if d >= END - before else prices[min(2, d // 300)]
  for l in leads:
    if l.won is not None and l.won >= END - before and rng.random() < 0.35: l.won = None
  p = lead_project(leads, deals=False)
  p.column("leads", "list_price", [price(l.created) * (1 + (l.employees > 30)) for l in leads], "number", "static")
  p.feature("list_price", value="leads.list_price")
  return p
@honest
def price_3w(rng): return price_change(rng, 21)
@honest
def price_2m(rng): return price_change(rng, 60)

def plans(rng, before):
  subs, _ = some_subscribers(rng)
  names = dict(basic="starter", team="growth", business="scale")
  for s in subs:
    if s.created >= END - before: s.plan = names[s.plan]
  return subscriber_project(subs)
@honest
def plans_renamed_3w(rng): return plans(rng, 21)
@honest
def plans_renamed_2m(rng): return plans(rng, 60)

@honest
def discount_policy_3w(rng):
  # reps may offer a first-quote discount at creation; since three weeks only to large companies
  leads, _ = some_leads(rng)
  p = lead_project(leads, deals=False)
  def d(l):
    c = 0.5 if l.created < END - 21 else (0.5 if l.employees > 60 else 0.02)
    return likely(rng, c * math.exp(0.3 * min(l.fit, 1.5)), rng.choice([5, 10]), 0)
  p.column("leads", "offer", [d(l) for l in leads], "integer", "static")
  p.feature("offer", value="leads.offer")
  return p

@honest
def policy_terms_2m(rng):
  leads, _ = some_leads(rng)
  p = lead_project(leads, deals=False)
  def t(l):
    if l.created >= END - 60: return "prepaid"
    return wchoice(rng, ["prepaid", "net30", "net60"], [2 * math.exp(-l.fit), 2, math.exp(l.fit)])
  p.column("leads", "terms", [t(l) for l in leads], "text", "static")
  p.feature("terms", category="leads.terms")
  return p

def campaign(rng, before, extra):
  m = LeadMarket()
  leads = m.leads(rng, 3800)
  more = [m.lead(rng, f"M{i:05d}", END - rng.randrange(0, before), rng.gauss(-1.0, 0.8)) for i in range(extra)]
  for l in more: l.channel = "web"
  return lead_project(leads + more)
@honest
def campaign_10d(rng): return campaign(rng, 10, 160)
@honest
def campaign_10d_large(rng): return campaign(rng, 10, 500)
@honest
def campaign_45d(rng): return campaign(rng, 45, 500)

@honest
def black_friday(rng):
  # many sign up for a promotion in the last week of November, with a cheap plan, every year
  m = SubscriptionMarket()
  subs = m.subscribers(rng, 2600)
  for y in (2023, 2024):
    for i in range(300):
      s = m.subscriber(rng, f"B{y}{i:04d}", day_of(y, 11, 22) + rng.randrange(8)); s.plan = "promo"
      subs.append(s)
  return subscriber_project(subs)

@honest
def new_country_6w(rng):
  leads, _ = some_leads(rng)
  m = LeadMarket()
  more = [m.lead(rng, f"N{i:05d}", END - rng.randrange(0, 42), rng.gauss(0.4, 0.9)) for i in range(140)]
  countries = [wchoice(rng, ["US", "DE", "FR"], [3 * math.exp(0.6 * l.fit), 2, 1]) for l in leads] + ["BR"] * len(more)
  p = lead_project(leads + more)
  p.column("leads", "country", countries, "text", "static")
  p.feature("country", category="leads.country")
  return p

@honest
def recession(rng):
  season = lambda d: 0.4 if d > END - 92 else 1.0
  leads = LeadMarket(season=season, gap=130).leads(rng, 4500)
  for l in leads:
    l.visits = [d for d in l.visits if d < END - 92 or rng.random() < 0.75]
    if l.won is not None and l.won > END - 92 and rng.random() < 0.4: l.won = None
  return lead_project(leads)

@honest
def recession_shop(rng):
  season = lambda d: 0.5 if d > END - 92 else 1.0
  return shop_project(ShopMarket(season=season).shoppers(rng, 2500))

@honest
def weekends_unrecorded(rng):
  # a server is switched off on weekends since 50 days before the end, a Sunday
  end = END - 2
  assert weekday(end) == 6
  leads = LeadMarket(end=end).leads(rng, 4000)
  for l in leads: l.visits = [d for d in l.visits if d < end - 50 or weekday(d) < 5]
  return lead_project(leads, end)

@honest
def weekends_never_recorded(rng):
  end = END - 2
  leads = LeadMarket(end=end).leads(rng, 4000)
  for l in leads: l.visits = [d for d in l.visits if weekday(d) < 5]
  return lead_project(leads, end)

def territories(leads, rng): return {r: f for r, f in zip(REGIONS, (1.2, 0.3, -0.3, -1.2))}

def leads_by_region(rng):
  leads, _ = some_leads(rng)
  for l in leads: l.region = wchoice(rng, REGIONS, [math.exp(0.8 * l.fit), 1, 1, math.exp(-0.8 * l.fit)])
  return leads

@honest
def reorg_versions_20d(rng):
  leads = leads_by_region(rng)
  p = lead_project(leads, deals=False)
  split = END - 20
  rows = []
  for l in leads:
    if l.created < split:
      rows.append((l.key, l.created, split, l.region)); rows.append((l.key, split, None, "T-" + l.region))
    else: rows.append((l.key, l.created, None, "T-" + l.region))
  aw.add_versions(p, rows)
  return p

def reorg_static(rng, before):
  """The territory is typed at creation; all were renamed some days before the end."""
  leads = leads_by_region(rng)
  p = lead_project(leads, deals=False)
  p.column("leads", "territory", [("T-" if l.created >= END - before else "") + l.region for l in leads], "text", "static")
  p.feature("territory", category="leads.territory")
  return p

@honest
def reorg_static_20d(rng): return reorg_static(rng, 20)

@honest
def reorg_static_60d(rng): return reorg_static(rng, 60)

@honest
def rep_replaced_25d(rng):
  leads, _ = some_leads(rng)
  p = lead_project(leads)
  owner = [f"rep{min(7, max(0, round(3.5 + 1.6 * l.fit + rng.gauss(0, 1))))}" for l in leads]
  owner = ["rep8" if o == "rep5" and l.created >= END - 25 else o for o, l in zip(owner, leads)]
  p.column("leads", "first_owner", owner, "text", "static")
  p.feature("first_owner", category="leads.first_owner")
  return p

@honest
def vendor_score_40d(rng):
  # a vendor scores each lead once, at creation; its new model, with another scale, is used since 40 days
  leads, _ = some_leads(rng)
  p = lead_project(leads)
  v = [round(50 + 15 * (l.fit + rng.gauss(0, 0.7))) if l.created < END - 40 else round(300 + 90 * (l.fit + rng.gauss(0, 0.5)))
       for l in leads]
  p.column("leads", "vendor_score", v, "integer", "static")
  p.feature("vendor_score", value="leads.vendor_score")
  return p

@honest
def cookie_banner_50d(rng):
  leads, _ = some_leads(rng)
  p = lead_project(leads)
  refs = [wchoice(rng, ["search", "social", "partner site"], [3, 2 * math.exp(-l.fit), 2 * math.exp(l.fit)]) for l in leads]
  refs = [likely(rng, 0.35 if l.created >= END - 50 else 0.95, r) for l, r in zip(leads, refs)]
  p.column("leads", "referrer", refs, "text", "static")
  p.feature("referrer", category="leads.referrer", missing="none")
  return p

@honest
def import_15d(rng):
  m = LeadMarket(); leads = m.leads(rng, 3600)
  more = [m.lead(rng, f"I{i:05d}", END - 15, rng.gauss(-0.6, 0.8)) for i in range(500)]
  for l in more: l.channel = "import"; l.visits = [d for d in l.visits if rng.random() < 0.3]
  return lead_project(leads + more)

@honest
def cleanup_15d(rng):
  # leads without a visit for 9 months are closed in a cleanup, each December 16
  leads, _ = some_leads(rng)
  p = lead_project(leads, deals=False)
  closed = []
  for l in leads:
    day = l.lost
    for c in (day_of(2023, 12, 16), day_of(2024, 12, 16)):
      if day is None and l.won is None and l.created < c - 200 and not any(c - 120 < d <= c for d in l.visits): day = c
    closed.append(day)
  p.column("leads", "closed", closed, "date", "event")
  p.where.append({"not": {"happened": "leads.closed"}})
  return p

@honest
def cleanup_once_15d(rng):
  leads, _ = some_leads(rng)
  p = lead_project(leads, deals=False)
  closed = []
  for l in leads:
    day, c = l.lost, END - 15
    if day is None and l.won is None and l.created < c - 200 and not any(c - 120 < d <= c for d in l.visits): day = c
    closed.append(day)
  p.column("leads", "closed", closed, "date", "event")
  p.where.append({"not": {"happened": "leads.closed"}})
  return p

@honest
def call_blitz_3w(rng):
  # reps call every open lead that fits in the last three weeks
  leads, p = some_leads(rng)
  calls = sales_calls(rng, leads)
  for l in leads:
    if l.won is None and l.created < END - 21 and rng.random() < (0.7 if l.fit > 0 else 0.3):
      calls += [(l.key, END - rng.randrange(0, 21)) for _ in range(1 + poisson(rng, 1))]
  add_events(p, "calls", calls)
  p.feature("calls", count="calls", within=["30 days", "120 days"])
  return p

@honest
def ticket_tool_30d(rng):
  subs, p = some_subscribers(rng)
  by = {s.key: s for s in subs}
  keys = p.keys["tickets"]; days = [d for s in subs for d in s.tickets]
  pr = [wchoice(rng, ["low", "normal", "high"], [3, 4, 2 * math.exp(-0.8 * by[k].first_satisfaction)]) for k in keys]
  new = dict(low="P3", normal="P2", high="P1")
  p.column("tickets", "priority", [new[x] if d >= END - 30 else x for x, d in zip(pr, days)])
  p.feature("urgent", count="tickets", where="priority in ('high', 'P1')", within="90 days")
  return p

# --- shapes
@honest
def b2c_one_day(rng):
  leads = []
  for i in range(9000):
    l = Lead(f"L{i:05d}", rng.randrange(0, END + 1)); l.fit = rng.gauss(0, 1)
    l.channel = wchoice(rng, CHANNELS, [4, 2, 1.5 * math.exp(.5 * l.fit), math.exp(.5 * l.fit)])
    l.region = rng.choice(REGIONS); l.employees = 1 + poisson(rng, 2)
    p = sigmoid(-0.7 + l.fit)
    l.visits = [l.created]
    if rng.random() < p * 0.7: l.won = l.created + rng.choice([0, 0, 0, 1, 1, 2])
    else:
      l.visits += poisson_days(rng, l.created + 1, min(END + 1, l.created + 120), math.exp(.4 * l.fit) / 30)
      if rng.random() < p * 0.5: l.won = l.created + 2 + int(rng.expovariate(1 / 40))
    if l.won is not None and l.won > END: l.won = None
    if l.won is not None: l.visits = [d for d in l.visits if d <= l.won]
    leads.append(l)
  return lead_project(leads, deals=False)

@honest
def b2c_one_day_cohort(rng):
  p = b2c_one_day(rng)
  p.where.append({"sql": "cutoff - leads.created < 30"})
  p.spec["label"]["horizon"] = "14 days"
  return p

@honest
def heavy_tails(rng):
  leads, _ = some_leads(rng)
  for l in leads:
    l.employees = int(min(200000, 3 * rng.paretovariate(0.7) * math.exp(0.4 * l.fit)))
    if rng.random() < 0.01: l.visits = sorted(l.visits + [rng.randrange(l.created, END + 1) for _ in range(800)])
  return lead_project(leads)

@honest
def six_months_four_years(rng):
  m = LeadMarket(end=YEARS4, gap=500)
  leads = m.leads(rng, 5000)
  p = long_lead_project(leads, YEARS4)
  p.column("leads", "region", [l.region for l in leads], "text", "static"); p.feature("region", category="leads.region")
  return p

@honest
def six_months_two_years(rng):
  leads, _ = some_leads(rng, 5000, gap=400)
  p = lead_project(leads); p.spec["label"]["horizon"] = "6 months"
  p.spec["cutoffs"] = {"every": "month_end", "train": 8, "calibrate": 0, "test": 2}
  return p

@honest
def weekly_week(rng):
  leads, p = some_leads(rng, 5000, gap=90)
  p.spec["label"]["horizon"] = "1 week"
  p.spec["cutoffs"] = {"every": "friday", "train": 40, "calibrate": 0, "test": 6}
  return p

@honest
def all_day_one(rng):
  leads = LeadMarket(created=lambda r: 0).leads(rng, 6000)
  return lead_project(leads, deals=False)

@honest
def all_day_one_shop(rng):
  return shop_project(ShopMarket(created=lambda r: 0, lifetime=900).shoppers(rng, 2500))

@honest
def without_created(rng):
  leads = LeadMarket(created=lambda r: r.randrange(0, 400)).leads(rng, 5000)
  p = lead_project(leads)
  del p.sources["leads"]["created"]; p.features = [f for f in p.features if "age" not in f]
  return p

@honest
def without_created_shop(rng):
  _, p = some_shoppers(rng)
  del p.sources["customers"]["created"]; p.features = [f for f in p.features if "tenure" not in f]
  return p

def rare(rng, mf):
  leads, p = some_leads(rng, 5000)
  q = [rng.gauss(0, 0.7) for _ in range(200)]
  cities = []
  for l in leads:
    c = wchoice(rng, range(200), [math.exp(q[i] * l.fit) / (1 + i / 10) for i in range(200)])
    cities.append(f"city{c:03d}")
  p.column("leads", "city", cities, "text", "static")
  p.feature("city", category="leads.city", **mf)
  return p
@honest
def rare_levels(rng): return rare(rng, {})
@honest
def rare_levels_folded(rng): return rare(rng, {"min_frequency": 200})

@honest
def planned_contracts(rng):
  subs, p = some_subscribers(rng, base=-5.0, term=[365, 730])
  p.column("subscriptions", "contract_end", [created_end(s) for s in subs], "date", "static")
  p.column("subscriptions", "notice_by", [created_end(s) - 30 for s in subs], "date", "static")
  p.feature("days_past_end", days_since="subscriptions.contract_end")
  p.feature("days_past_notice", days_since="subscriptions.notice_by")
  return p

@honest
def trial_ends(rng):
  # a trial of 14 days, the end of which is typed at creation: nearly all values lie before the end of the data
  subs, p = some_subscribers(rng)
  p.column("subscriptions", "trial_end", [s.created + 14 for s in subs], "date", "static")
  p.feature("days_past_trial", days_since="subscriptions.trial_end")
  return p

@honest
def appointment_next_day(rng):
  # an appointment that is made at creation, mostly for the next days
  leads, p = some_leads(rng)
  p.column("leads", "appointment", [l.created + 1 + int(rng.expovariate(1 / 2.0)) for l in leads], "date", "static")
  p.feature("days_past_appointment", days_since="leads.appointment")
  return p

@honest
def birthdays(rng):
  leads, p = some_leads(rng, deals=False)
  born = [-round(365 * (20 + 20 * rng.random() + 4 * l.fit)) for l in leads]
  founded = [max(-36000, min(l.created - 1, -round(365 * rng.expovariate(1 / 15) * math.exp(0.3 * l.fit)) + 300)) for l in leads]
  p.column("leads", "born", born, "date", "static"); p.column("leads", "founded", founded, "date", "static")
  p.feature("days_since_birth", days_since="leads.born"); p.feature("company_age", days_since="leads.founded")
  return p

@honest
def support_ends(rng):
  # the day on which support of the product ends that all leads use; it was announced before the first lead came
  leads, p = some_leads(rng)
  p.column("leads", "support_end", [END + 12] * len(leads), "date", "static")
  p.feature("days_of_support", days_since="leads.support_end")
  return p

@honest
def deleted_on_request(rng):
  # one lead in 20 asks to be deleted at some time; its visits until then are kept
  leads = LeadMarket().leads(rng, 4200)
  gone = {l.key: l.created + rng.randrange(1, 500) for l in leads if rng.random() < 0.05}
  rows = [(l.key, d) for l in leads for d in l.visits if d <= gone.get(l.key, END)]
  p = lead_project([l for l in leads if gone.get(l.key, END + 1) > END])
  p.keys["visits"] = [k for k, _ in rows]
  p.tables["visits"] = {"id": p.keys["visits"], "day": [iso(d) for _, d in rows]}
  return p

@honest
def priority_drifts(rng):
  subs, p = some_subscribers(rng)
  by = {s.key: s for s in subs}; keys = p.keys["tickets"]; days = [d for s in subs for d in s.tickets]
  pr = [wchoice(rng, ["low", "normal", "high"], [3, 4, (0.7 + 4 * d / END) * math.exp(-0.8 * by[k].first_satisfaction)])
        for k, d in zip(keys, days)]
  p.column("tickets", "priority", pr)
  p.feature("urgent", count="tickets", where="priority = 'high'", within="90 days")
  return p

@honest
def missing_rises(rng):
  leads, p = some_leads(rng)
  ph = [likely(rng, min(0.97, (0.9 - 0.55 * l.created / END) * math.exp(0.12 * l.fit)), f"5{rng.randrange(10**6)}") for l in leads]
  p.column("leads", "phone", ph, "text", "static"); p.feature("has_phone", present="leads.phone")
  return p

def form_field(rng, chance, before):
  leads, p = some_leads(rng)
  b = [likely(rng, chance(l, l.created >= END - before), round(math.exp(8 + 0.5 * l.fit + 0.5 * rng.gauss(0, 1)))) for l in leads]
  p.column("leads", "budget", b, "integer", "static"); p.feature("budget", value="leads.budget")
  return p
@honest
def field_dropped_30d(rng): return form_field(rng, lambda l, new: 0 if new else sigmoid(0.5 + l.fit), 30)
@honest
def field_mandatory_45d(rng): return form_field(rng, lambda l, new: 1 if new else sigmoid(0.3 + 1.2 * l.fit), 45)
@honest
def field_added_45d(rng): return form_field(rng, lambda l, new: sigmoid(0.3 + l.fit) if new else 0, 45)

@honest
def slow_feed(rng):
  leads, p = some_leads(rng)
  visits = [(l.key, d) for l in leads for d in l.visits]
  known = [d + min(90, int(rng.expovariate(1 / 12))) for _, d in visits]
  keep = [i for i, d in enumerate(known) if d <= END]
  del p.sources["visits"]; del p.tables["visits"]
  add_events(p, "visits", [visits[i] for i in keep], [known[i] for i in keep])
  return p

@honest
def survey_at_creation(rng):
  subs, p = some_subscribers(rng)
  a = [likely(rng, sigmoid(0.3 + 0.6 * s.first_satisfaction), round(min(10, max(0, 6.5 + 1.6 * s.first_satisfaction + rng.gauss(0, 1))))) for s in subs]
  p.column("subscriptions", "nps", a, "integer", "static"); p.feature("nps", value="subscriptions.nps")
  return p

@honest
def survey_after_30_days(rng):
  # asked 30 days after creation, by design; rows get it then. The spec keeps customers older than 30 days
  subs, p = some_subscribers(rng)
  a = [None if s.created > END - 30 or (s.churned is not None and s.churned < s.created + 30) else
       likely(rng, 0.7, round(min(10, max(0, 6.5 + 1.6 * s.first_satisfaction + rng.gauss(0, 1))))) for s in subs]
  p.column("subscriptions", "nps", a, "integer", "static"); p.feature("nps", value="subscriptions.nps")
  p.where.append({"sql": "cutoff - subscriptions.created >= 30"})
  return p

@honest
def products_launched(rng):
  shoppers, _ = some_shoppers(rng)
  launches = [0, 0, 0, 150, 300, 450, 560, 640, 700]
  rows = []
  for s in shoppers:
    taste = rng.gauss(0, 1)
    for d, a in s.purchases:
      av = [i for i, x in enumerate(launches) if x <= d]
      for _ in range(1 + poisson(rng, 1.2)):
        c = wchoice(rng, av, [(2.5 if d - launches[i] < 90 and launches[i] else 1) * math.exp(0.5 * taste * (i - 3) / 3) for i in av])
        rows.append((s.key, d, f"cat{c}", round(a * rng.random(), 2)))
  p = shop_project(shoppers)
  add_events(p, "items", [r[:2] for r in rows])
  p.column("items", "category", [r[2] for r in rows]); p.column("items", "price", [r[3] for r in rows], "number")
  p.feature("categories", distinct="items.category", within="180 days")
  p.feature("items", count="items", within=["90 days"])
  p.feature("newest", count="items", where="category in ('cat6', 'cat7', 'cat8')", within="90 days")
  return p

@honest
def inflation(rng):
  shoppers, _ = some_shoppers(rng)
  for s in shoppers: s.purchases = [(d, round(a * math.exp(0.05 * d / 30), 2)) for d, a in s.purchases]
  return shop_project(shoppers)

@honest
def returns_of_goods(rng):
  # a return is a row of its own with a negative amount, one to four weeks after the purchase
  shoppers, _ = some_shoppers(rng)
  p = shop_project(shoppers)
  rows = [(s.key, d + rng.randrange(5, 30), -a) for s in shoppers for d, a in s.purchases if rng.random() < 0.15]
  rows = [r for r in rows if r[1] <= END]
  add_events(p, "returns", [r[:2] for r in rows]); p.column("returns", "amount", [r[2] for r in rows], "number")
  p.feature("returned", sum="returns.amount", within="180 days"); p.feature("returns", count="returns", within="90 days")
  return p

@honest
def small_300(rng):
  leads, p = some_leads(rng, 300, gap=120)
  return p

@honest
def small_300_shop(rng): return some_shoppers(rng, 300)[1]

@honest
def large_60000(rng):
  leads, p = some_leads(rng, 60000)
  p.column("leads", "region", [l.region for l in leads], "text", "static"); p.feature("region", category="leads.region")
  return p

@honest
def growing_startup(rng):
  # everything grows tenfold in two years, channels change with it, the sales cycle gets shorter
  created = lambda r: int(END * r.random() ** 0.35)
  leads = LeadMarket(created=created, hot=0.4, gap=120).leads(rng, 6000)
  for l in leads:
    t = l.created / END
    l.channel = wchoice(rng, CHANNELS, [1 + 6 * t * math.exp(-0.4 * l.fit), 3 * (1 - t), 1.5 * math.exp(l.fit), 0.2 + 2 * t * math.exp(l.fit)])
  return lead_project(leads)

@honest
def quality_improves(rng):
  # marketing learns: later leads fit better, and channel tells more about them
  m = LeadMarket(); leads = []
  for i in range(4500):
    c = rng.randrange(0, END + 1); leads.append(m.lead(rng, f"L{i:05d}", c, rng.gauss(-0.4 + 0.8 * c / END, 1)))
  for l in leads:
    t = 0.2 + 1.2 * l.created / END
    l.channel = wchoice(rng, CHANNELS, [4, 2, 1.5 * math.exp(t * l.fit), math.exp(t * l.fit)])
  return lead_project(leads)

@honest
def app_launch_4m(rng):
  # customers can use an app since four months; its logins are rows of the same table with another kind
  subs, p = some_subscribers(rng)
  kinds = [likely(rng, 0 if d < END - 120 else 0.4 + 0.2 * (s.first_satisfaction > 0), "app", "web") for s in subs for d in s.logins]
  p.column("logins", "kind", kinds)
  p.feature("app_logins", count="logins", where="kind = 'app'", within="60 days")
  return p

@honest
def bot_traffic_2w(rng):
  # bots visit in the last two weeks
  leads, _ = some_leads(rng)
  for l in leads:
    if rng.random() < 0.4 and l.created < END - 14: l.visits += [END - rng.randrange(0, 14) for _ in range(1 + poisson(rng, 3))]
  return lead_project(leads)

@honest
def contract_type_versions(rng):
  subs, p = some_subscribers(rng)
  rows = []
  for s in subs:
    stop = s.churned or END + 1
    ch = [s.created] + [d for d in poisson_days(rng, s.created + 1, stop, 1 / 300) if d <= END]
    ch = sorted(set(ch)); pl = s.plan
    for a, b in zip(ch, ch[1:] + [None]):
      rows.append((s.key, a, b, pl)); pl = rng.choice(["basic", "team", "business"])
  p.source("plans", [r[0] for r in rows], valid_from="valid_from", valid_to="valid_to")
  p.column("plans", "valid_from", [r[1] for r in rows], "date", listed=False)
  p.column("plans", "valid_to", [r[2] for r in rows], "date", listed=False)
  p.column("plans", "current_plan", [r[3] for r in rows]); p.feature("current_plan", category="plans.current_plan")
  return p

@honest
def all_day_one_20000(rng):
  return lead_project(LeadMarket(created=lambda r: 0).leads(rng, 20000), deals=False)

@honest
def price_2m_20000(rng):
  return price_change(rng, 60, 16000)
