// swift-tools-version: 6.2
import PackageDescription

// One set of rules for every target: Swift 6 language mode, and a warning stops the build.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

// Why each package is here:
// - swift-argument-parser: the command line, its help texts, completions and usage errors.
// - swift-collections: OrderedDictionary keeps the order in which a user wrote sources and features.
// SHA-256 and Ed25519 come from Debian's OpenSSL: swift-crypto brings a copy of BoringSSL, whose 300 C
// files were a third of a clean build.
// HTTP is left to the `curl` command: FoundationNetworking keeps a core busy while it waits and costs
// every command 8 ms of start-up; async-http-client costs a clean build 7 minutes.
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")

let support = Target.Dependency.target(name: "HoldoutTestSupport")

let package = Package(
  name: "holdout",
  products: [.executable(name: "holdout", targets: ["holdout"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // C boundaries. DuckDB and LightGBM are loaded with dlopen, so only libyaml and libcrypto are
    // linked.
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CADBC"),
    .target(name: "CLightGBM"),
    .target(name: "CPanelTrees"),

    // The layers, lowest first: each may import only those above it in this list.
    .target(name: "Columns", swiftSettings: settings),
    .target(name: "Randomness", swiftSettings: settings),
    .target(name: "Files", swiftSettings: settings),
    .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: settings),
    .target(name: "Diagnostics", swiftSettings: settings),
    .target(
      name: "YAML", dependencies: ["CYAML", "Diagnostics", "Files"], swiftSettings: settings),
    .target(
      name: "Spec", dependencies: ["Diagnostics", "Files", "Randomness", "YAML", collections],
      swiftSettings: settings),
    .target(name: "Warehouse", dependencies: ["CADBC", "Files"], swiftSettings: settings),
    .target(
      name: "Panel",
      dependencies: ["Columns", "Diagnostics", "Files", "Spec", "Warehouse", collections],
      swiftSettings: settings),
    .target(name: "Evaluation", dependencies: ["Columns", "Randomness"], swiftSettings: settings),
    .target(
      name: "Learning",
      dependencies: ["CLightGBM", "CPanelTrees", "Columns", "Diagnostics", "Evaluation"],
      swiftSettings: settings),
    .target(
      name: "Runs",
      dependencies: [
        "Cryptography", "Diagnostics", "Evaluation", "Files", "Learning", "Panel", "Spec",
        "Warehouse", collections,
      ],
      swiftSettings: settings),
    .target(
      name: "Experiment",
      dependencies: [
        "Columns", "Cryptography", "Diagnostics", "Evaluation", "Files", "Learning", "Panel",
        "Randomness", "Runs", "Spec", "Warehouse", collections,
      ],
      swiftSettings: settings),
    .target(
      name: "Promotion",
      dependencies: [
        "Cryptography", "Diagnostics", "Evaluation", "Files", "Experiment", "Learning", "Panel",
        "Runs", "Spec", "Warehouse", "YAML", collections,
      ],
      swiftSettings: settings),
    .target(
      name: "Operations",
      dependencies: [
        "Columns", "Cryptography", "Diagnostics", "Evaluation", "Files", "Experiment", "Learning",
        "Panel", "Promotion", "Randomness", "Runs", "Spec", "Warehouse", "YAML", collections,
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "Diagnostics", "Evaluation", "Experiment", "Learning", "Operations", "Panel", "Promotion",
        "Runs", "Spec", "YAML",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "holdout",
      dependencies: [
        "Diagnostics", "Evaluation", "Files", "Experiment", "Operations", "Panel", "Promotion",
        "Reports", "Runs", "Spec", "Warehouse", "YAML", argumentParser,
      ],
      swiftSettings: settings),

    // What tests of every target share; no product has it.
    .target(
      name: "HoldoutTestSupport",
      dependencies: ["Columns", "Diagnostics", "Learning", "Panel", "Spec", "Warehouse"],
      swiftSettings: settings),

    .testTarget(
      name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: settings),
    .testTarget(name: "FilesTests", dependencies: ["Files", support], swiftSettings: settings),
    .testTarget(
      name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: settings),
    .testTarget(
      name: "YAMLTests", dependencies: ["YAML", "Diagnostics", "Randomness", support],
      swiftSettings: settings),
    .testTarget(
      name: "SpecTests",
      dependencies: ["Spec", "Diagnostics", "Randomness", "YAML", collections, support],
      swiftSettings: settings),
    .testTarget(
      name: "WarehouseTests", dependencies: ["Warehouse", support], swiftSettings: settings),
    .testTarget(
      name: "PanelTests",
      dependencies: [
        "Columns", "Panel", "Spec", "Warehouse", "Diagnostics", "Randomness", support,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "Randomness", support],
      resources: [.copy("Vectors")], swiftSettings: settings),
    .testTarget(
      name: "LearningTests",
      dependencies: [
        "CPanelTrees", "Columns", "Learning", "Evaluation", "Panel", "Randomness", support,
      ],
      resources: [.copy("Golden")], swiftSettings: settings),
    .testTarget(
      name: "RunsTests", dependencies: ["Runs", "Diagnostics", "Files", support],
      swiftSettings: settings),
    .testTarget(
      name: "ExperimentTests",
      dependencies: [
        "Columns", "Diagnostics", "Evaluation", "Experiment", "Learning", "Panel",
        "Randomness", "Reports", "Runs", "Spec", "Warehouse", collections, support,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PromotionTests",
      dependencies: [
        "Promotion", "Columns", "Evaluation", "Diagnostics", "Learning", "Panel",
        "Randomness", "Reports", "Runs", "Spec", "YAML", support,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "OperationsTests",
      dependencies: [
        "Operations", "Columns", "Diagnostics", "Evaluation", "Experiment", "Learning", "Panel",
        "Randomness", "Reports", "Runs", "Spec", "Warehouse", collections, support,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Cryptography", "Diagnostics", "Evaluation", "Experiment", "Learning",
        "Operations", "Panel", "Promotion", "Randomness", "Runs", "Spec", support,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandTests", dependencies: ["Diagnostics", "Warehouse", "Evaluation", support],
      swiftSettings: settings),
  ]
)
