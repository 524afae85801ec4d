import { defineConfig } from "vitest/config";

const SHARED = {
  testTimeout: 60_000,
  // How long a test may wait for something to happen: a loaded machine takes its time.
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    // Three on two cores: some tests wait, for a process of their own or for a service that is slow. More only take turns.
    maxWorkers: 3,
    projects: [
      { test: { ...SHARED, name: "local", include: ["test/**/*.test.ts"], exclude: ["test/aws/**", "test/trino/**"] } },
      { test: { ...SHARED, name: "aws", include: ["test/aws/**/*.test.ts"], globalSetup: "test/aws/moto.setup.ts" } },
      {
        test: {
          ...SHARED,
          name: "trino",
          include: ["test/trino/**/*.test.ts"],
          globalSetup: "test/trino/trino.setup.ts",
          // Tables and views of a whole database are made, and thousands of calls written.
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
