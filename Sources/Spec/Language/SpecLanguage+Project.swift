extension SpecLanguage {
  static let project = MapDefinition(
    .project,
    "The file holdout.yaml in the project folder: where data come from, where results go and what "
      + "runs have to meet. Paths in it and in specs are relative to that folder.",
    example: """
      connections:
        curated: {duckdb: data/netsuite/netsuite.duckdb}
        crm: {driver: postgresql, uri: "postgresql://reader@db/crm"}
      results: results
      gates: {minimum: {roc_auc: 0.7}}
      """,
    keys: [
      KeyDefinition(
        "connections", .names(.map(.connection), .identifier), .standard(.map),
        "Databases that sources may name; a source that names none means `default`."),
      KeyDefinition(
        "results", .text, .standard(.scalar("results")), "The folder that results go to."),
      KeyDefinition(
        "cache", .text, .standard(.scalar(".holdout/cache")),
        "The folder that panels and finished runs are kept in, so that none is made twice."),
      KeyDefinition(
        "cache_size", .text,
        "The most that the cache may take, like `20GB`: beyond it, entries that have not been used "
          + "for the longest are removed when a command ends. Without it: 10 GB, or a tenth of the "
          + "free disk where that is less."),
      KeyDefinition(
        "roots", .list(.text), .standard(.nothing),
        "Folders outside the project that specs may read files of, as sources, bases or lists."),
      KeyDefinition(
        "timeout", .text,
        "The time after which a command is ended, like `30m` or `2h`; `--timeout` says otherwise for one "
          + "call. A spec cannot."),
      KeyDefinition(
        "memory", .text,
        "The memory that a command may take, like `8GB`; the engine gets 60 % of it, and a command that "
          + "takes more is ended. `--memory` says otherwise for one call. A spec cannot."),
      KeyDefinition(
        "gates", .map(.gates), "What runs have to meet of whose specs write nothing else."),
      KeyDefinition(
        "registry", .map(.registry), .standard(.map),
        "Whose signatures the registry of promotions needs."),
    ])

  static let connection = MapDefinition(
    .connection,
    "A database: a DuckDB file, or any other through its ADBC driver. `${env:NAME}` in `duckdb` and "
      + "`uri` stands for an environment variable, looked up when the connection is opened; a spec "
      + "reads none.",
    example: """
      connections:
        curated: {duckdb: data/netsuite/netsuite.duckdb}
        crm: {driver: postgresql, uri: "postgresql://reader:${env:CRM_PASSWORD}@db/crm"}
      """,
    keys: [
      KeyDefinition(
        "duckdb", .text, "A DuckDB file; it is only read, but for the lists that `score` writes."),
      KeyDefinition(
        "driver", .text,
        "An ADBC driver: `postgresql`, `sqlite`, or the name of a driver manifest."),
      KeyDefinition("uri", .text, beside: ["driver"], "What the driver connects to."),
    ],
    constraints: [
      .exactlyOne(["duckdb", "driver"], what: "database"), .together(["driver", "uri"]),
    ])

  static let registry = MapDefinition(
    .registry,
    "Whose Ed25519 signatures the records of the registry need. Without `public_keys` they need none.",
    example: """
      registry: {public_keys: [keys/release.pub.pem], signed_from: 12}
      """,
    keys: [
      KeyDefinition(
        "public_keys", .list(.text), .standard(.nothing),
        "Files of public keys, as `openssl pkey -pubout` writes them; one of them must have signed."
      ),
      KeyDefinition(
        "signed_from", .integer(1...1_000_000_000), .standard(.scalar("1")),
        "The number of the first record that has to be signed; earlier ones may be unsigned."),
    ])
}
