import Files
import Testing

@Suite struct SubprocessTests {
  @Test func `a launched program gives its exit code, or nil where there is none`() {
    #expect(Subprocess.launch("true", []) == 0)
    #expect(Subprocess.launch("sh", ["-c", "exit 3"]) == 3)
    #expect(Subprocess.launch("no-such-program", []) == nil)
  }

  @Test func `a launched program that goes on is not waited for`() {
    // It ends by itself long after the test.
    #expect(Subprocess.launch("sleep", ["30"]) == 0)
  }
}
