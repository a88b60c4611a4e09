import Testing

/// Tests on the demo data, which are made once for all of them.
@Suite("Demo data", .demoData)
struct DemoTests {}
