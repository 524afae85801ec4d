import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // How long a test may wait for something to happen: a loaded machine takes its time.
    expect: { poll: { timeout: 20_000 } },
    // Two cores: more workers only take turns, and the tests with processes of their own want a share.
    maxWorkers: 2,
  },
});
