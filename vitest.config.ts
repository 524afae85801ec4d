import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    // Two cores: more workers only take turns, and the tests with processes of their own want a share.
    maxWorkers: 2,
  },
});
