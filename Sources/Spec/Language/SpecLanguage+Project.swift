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
        "gates", .map(.gates), "What runs have to meet of whose specs write nothing else."),
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
      KeyDefinition("duckdb", .text, "A DuckDB file; it is only read."),
      KeyDefinition(
        "driver", .text,
        "An ADBC driver: `postgresql`, `sqlite`, the name of a driver manifest, or a path."),
      KeyDefinition("uri", .text, beside: ["driver"], "What the driver connects to."),
    ],
    constraints: [
      .exactlyOne(["duckdb", "driver"], what: "database"), .together(["driver", "uri"]),
    ])
}
