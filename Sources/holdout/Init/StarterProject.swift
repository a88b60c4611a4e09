/// The small working project that `holdout init` creates: customers of a web shop, and the question
/// of who places a first order within 90 days.
///
/// The data are not among the texts: `data/make.sql` generates them, the same rows every time, in
/// about a second. The command adds the JSON Schema that the spec's first line names.
enum StarterProject {
  /// The files in the order in which they are written, by path relative to the project folder.
  static let files: [(path: String, text: String)] = [
    ("holdout.yaml", project),
    (specPath, spec),
    (dataPath, data),
    ("README.md", notes),
    (".gitignore", ignored),
    (".github/workflows/holdout.yml", workflow),
  ]

  /// The path of the spec for `check`, `plan` and `run`.
  static let specPath = "experiments/first_order.yaml"

  /// The path of the SQL that makes the data. It writes to the folder in the variable `folder` or,
  /// without one, to `data` in the working directory.
  static let dataPath = "data/make.sql"

  /// The files that the SQL writes.
  static let dataFiles = ["data/shop.duckdb", "data/profile.parquet", "data/visits.parquet"]
}

/// The files other than the experiment.
extension StarterProject {
  /// `holdout.yaml`: the connection and the results folder.
  static let project = """
    # The project: where data come from and where results go. Every path here and in the specs is
    # relative to this file's folder; only `extends` is relative to the spec that says it.

    # Databases that a spec's sources may name. A DuckDB file is only read. Parquet, CSV and JSON
    # files need no connection. Any other database is read through its ADBC driver:
    #   crm: {driver: postgresql, uri: "postgresql://reader@db/crm"}
    connections:
      shop: {duckdb: data/shop.duckdb}

    # Each experiment gets a folder of its own in here, by its name.
    results: results

    """

  /// `README.md`: what to run, where things are, and what to change first.
  static let notes = """
    # Which customers place a first order within 90 days?

        holdout check experiments/first_order.yaml     is the spec right, does the data fit it?
        holdout plan experiments/first_order.yaml      each cutoff: role, label window, positives
        holdout run experiments/first_order.yaml       trains, calibrates, judges, writes results/

    - `experiments/`: the questions, one spec each; `holdout.schema.json` helps editors with keys.
    - `holdout.yaml`: where databases are. `data/`: the example's data, made by `data/make.sql`.
    - `results/first_order/`: the latest numbers; `holdout report first_order --open` shows its page.
    - `.github/workflows/holdout.yml`: runs the specs of a pull request and comments on the result.
    - Change first: a key for one call, `holdout run experiments/first_order.yaml model.seed=7`;
      then `features` and `label` in the spec; then `sources`, to read your own tables.

    """

  /// `.gitignore`: what a run or `data/make.sql` can make again.
  static let ignored = """
    # What a run keeps for itself. results/NAME/metrics.json and feature_importance.csv are for git.
    /results/*/runs/
    /.holdout/
    *.tmp

    # Data; `holdout sql data/make.sql` makes the example's again.
    /data/*.duckdb
    /data/*.duckdb.wal
    /data/*.parquet

    # Copies of the data that `holdout snapshot` keeps.
    /snapshots/

    """
}

/// The workflow that checks pull requests.
extension StarterProject {
  /// `.github/workflows/holdout.yml`: runs the specs of a pull request and checks their gates.
  static let workflow = """
    # Runs the specs of a pull request, and says in a comment whether the runs may be promoted.
    #
    # A pull request changes specs. What is code or decides what a run may do (holdout.yaml, data
    # scripts, the registry and its models) is taken from the branch it is for, and no step of the job
    # that runs has a secret or a token that can write.
    #
    # runs-on: self-hosted means that whoever may start this job works on your machine, near your data.
    # Pull requests from forks are left out below. Without that line a stranger's change would run there;
    # use a runner that is thrown away after each job, with data a stranger may see, before you allow it.
    name: holdout
    on: pull_request

    permissions:
      contents: read

    jobs:
      gate:
        if: github.event.pull_request.head.repo.full_name == github.repository
        # A machine that has holdout and git, and that may read the data.
        runs-on: self-hosted
        steps:
          - uses: actions/checkout@v4
            # `--against git:main:NAME` looks into main; the token is not left in the checkout.
            with: {fetch-depth: 0, persist-credentials: false}

          - name: Take code, settings, and the registry from the base branch
            env:
              BASE: ${{ github.event.pull_request.base.sha }}
            run: |
              for path in holdout.yaml data results models; do
                rm -rf "$path"
                git checkout --quiet "$BASE" -- "$path" 2>/dev/null || true
              done

          # The example's data; your own sources need no such step.
          - run: holdout sql data/make.sql

          - run: holdout check experiments/*.yaml --format github

          # --fresh: nothing that an earlier job has left in a cache counts.
          - run: holdout run --fresh experiments/*.yaml

          # Annotations, the step's summary and the page, in one call. Exit code 0: all pass;
          # 1: a run fails or is inconclusive; 2: a run could not be evaluated.
          - run: holdout gate experiments/*.yaml --format github --markdown gate.md

          - uses: actions/upload-artifact@v4
            if: ${{ !cancelled() && hashFiles('gate.md') != '' }}
            with: {name: gate, path: gate.md}

      # Has a token that can write, and runs nothing of the pull request: it posts one file.
      comment:
        needs: gate
        if: ${{ !cancelled() && needs.gate.result != 'skipped' }}
        runs-on: ubuntu-latest
        permissions:
          pull-requests: write
        steps:
          - uses: actions/download-artifact@v4
            with: {name: gate}
          - name: Comment
            env:
              GH_TOKEN: ${{ github.token }}
              GH_REPO: ${{ github.repository }}
              NUMBER: ${{ github.event.number }}
            run: gh pr comment "$NUMBER" --body-file gate.md

    """
}

/// The experiment.
extension StarterProject {
  /// `experiments/first_order.yaml`: a complete spec that says why each part is there.
  static let spec = """
    # yaml-language-server: $schema=../holdout.schema.json
    #
    # Which registered customers of the shop place a first order within 90 days?
    #
    #   holdout check experiments/first_order.yaml     is the spec right, does the data fit it?
    #   holdout plan experiments/first_order.yaml      which month ends are for training and testing?
    #   holdout run experiments/first_order.yaml       the answer, in results/first_order/
    version: 1
    name: first_order                   # names the folder in results/
    description: First order of a registered customer within 90 days

    # The last day that the data have fully observed. Where the 90 days after a cutoff end later,
    # their labels are incomplete: such a cutoff is not used for training or testing.
    data_through: 2025-06-30

    # The tables that may be read, and of each column what it may know. A column that is not listed
    # cannot be read.
    sources:
      # One row per customer, as the database shows it today. Here each column must say its class.
      customers:
        table: customers
        connection: shop                # declared in holdout.yaml
        key: customer_id
        created: registered_on          # a customer exists from this day on
        columns:
          # `event`: a date that is itself the day it became known; before it, it reads as null.
          registered_on: {type: date, class: event}
          app_installed_on: {type: date, class: event}
          first_order_on: {type: date, class: event}
          # `static`: set at registration, and never again.
          channel: {type: text, class: static}
          # `current`: overwritten in place. It says `buyer` today, so a model that saw it would
          # know the answer: a feature that reads it is refused (H410).
          status: {type: text, class: current}

      # Every version of a profile; a cutoff reads the version that was valid on that day.
      profile:
        parquet: data/profile.parquet   # relative to the project folder
        key: customer_id
        valid_from: valid_from          # the first day of a version
        valid_to: valid_to              # the day after its last; null: still valid
        columns:
          region: text
          newsletter: flag
          phone: text
          address: text
          is_closed: flag

      # One row per visit. Some are loaded weeks late; `known_at` keeps a cutoff from seeing a visit
      # that was not in the data yet on that day.
      visits:
        parquet: data/visits.parquet
        key: customer_id
        time: visited_on
        known_at: loaded_on
        columns:
          kind: text                    # browse or basket: whether anything was put into the basket
          pages: integer
          basket_value: number

    # Features are lists by name; `features` below chooses among them.
    feature_sets:
      account:
        - age_days: {days_since: customers.registered_on}
        - has_app: {happened: customers.app_installed_on}
        - newsletter: {flag: profile.newsletter}
        - has_phone: {present: profile.phone}
        - has_address: {present: profile.address}
        - contact_details: {sum: [has_phone, has_address]}
        # Levels on fewer than `min_frequency` train rows share the level `other`. A customer is a row
        # at up to 24 train cutoffs, so 1,000 rows may be as few as 42 customers.
        - channel: {category: customers.channel, missing: unknown, min_frequency: 1000}
        - region: {category: profile.region, missing: unknown, min_frequency: 1000}
        # SQL, where no other form fits. An `event` date that lies after the cutoff is null in it.
        - reachable:
            sql: "customers.app_installed_on IS NOT NULL OR profile.newsletter"
            type: flag

      activity:
        # One feature per window: visits_30d, visits_90d, visits_all.
        - visits: {count: visits, within: [30 days, 90 days, all]}
        - baskets: {count: visits, where: "kind = 'basket'", within: 90 days}
        - basket_value: {sum: visits.basket_value, within: 90 days}
        - mean_pages: {mean: visits.pages, within: 90 days}
        - days_since_visit: {days_since_last: visits}

    # Month ends, laid out backwards from the last one whose 90 days are over: 3 to judge on, 3 to
    # calibrate on, 24 to learn from. `embargo: horizon` leaves out those in between, so that no
    # label window of one role reaches past the first cutoff of the next.
    cutoffs:
      every: month_end
      train: 24
      calibrate: 3
      test: 3
      last: latest_mature
      embargo: horizon

    cohort:
      entity: customers                 # customers registered by the cutoff, who
      where:
        - not: {happened: customers.first_order_on}       # have not ordered by then
        - not: {flag: profile.is_closed}                  # and have an open account on that day

    # 1 when the first order falls into the 90 days after the cutoff, else 0.
    label: {event: customers.first_order_on, horizon: 90 days, noun: buyer}

    # Sets or single features; `-region` would take one away again.
    features: [account, activity]

    # A customer stands in up to 24 train cutoffs, and one order is a positive row in up to three of
    # them. The preset has small trees and broad leaves, which keep the model from learning single
    # customers by heart. Write `params: {num_leaves: 15}` beside it to change one of its values, and
    # `holdout tune` to search for better ones.
    model:
      preset: rare_events
      class_weight: none
      seed: 42

    # Fitted on the calibrate cutoffs alone. `auto` takes what they allow: isotonic regression from
    # 200 buyers, a sigmoid from 20.
    calibration: {method: auto}

    evaluation:
      top_k: [50, 100]                  # lists of 50 and 100 customers, drawn up at each cutoff
      top_percent: [1, 5, 10]
      segments: [channel]               # how well it does within each channel
      intervals: {resamples: 500, level: 0.95}

    """
}
