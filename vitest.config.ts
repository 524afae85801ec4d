import { defineConfig } from "vitest/config";

/** More is asked for than usual, by one of the variables that say how much: each test may take its hours. */
const IS_LONG = ["FAULT_CALLS", "FLIPS", "COPIED_CALLS", "READERS", "FUZZ_RUNS"].some((name) => process.env[name]);

const SHARED = {
  testTimeout: IS_LONG ? 2 * 60 * 60_000 : 120_000,
  hookTimeout: IS_LONG ? 30 * 60_000 : 120_000,
  // How long a test may wait for something to happen: a loaded machine takes its time.
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    // Three on two cores: some tests wait, for a process of their own or for a service that is slow. More only take turns.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...SHARED,
          name: "local",
          include: ["test/**/*.test.ts"],
          exclude: ["test/aws/**", "test/trino/**"],
          // Files share workers, and what they import. So nothing outlasts a file but what may be shared: what a file
          // changes in its process it changes back.
          isolate: false,
          globalSetup: "test/support/temporary-folder.setup.ts",
          setupFiles: "test/support/setup.ts",
        },
      },
      { test: { ...SHARED, name: "aws", include: ["test/aws/**/*.test.ts"], globalSetup: "test/aws/moto.setup.ts" } },
      {
        test: {
          ...SHARED,
          name: "trino",
          include: ["test/trino/**/*.test.ts"],
          // Tables and views of a whole database are made, and thousands of calls written.
          globalSetup: "test/trino/trino.setup.ts",
        },
      },
    ],
  },
});
