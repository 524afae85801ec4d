import { defineConfig } from "vitest/config";

/** More is asked for than usual, by one of the variables that say how much: each test may take its hours. */
const IS_LONG = ["FAULT_CALLS", "FLIPS", "COPIED_CALLS", "READERS", "FUZZ_RUNS"].some((name) => process.env[name]);

/** How long a test and a hook may take. */
const [USUAL, LONG] = [
  { testTimeout: 120_000, hookTimeout: 120_000 },
  { testTimeout: 2 * 60 * 60_000, hookTimeout: 30 * 60_000 },
];

const SHARED = {
  ...(IS_LONG ? LONG : USUAL),
  // How long a test may wait for something to happen: a loaded machine takes its time.
  expect: { poll: { timeout: 20_000 } },
};

/** What needs Node alone. */
const LOCAL = {
  ...SHARED,
  // Files share workers, and what they import. So nothing outlasts a file but what may be shared: what a file
  // changes in its process it changes back.
  isolate: false,
  globalSetup: "test/support/temporary-folder.setup.ts",
  setupFiles: "test/support/setup.ts",
};

/** How much `npm run test:faults` does. A variable of the same name replaces each value. */
const FAULTS = { FAULT_CALLS: process.env["FAULT_CALLS"] || "1000", FLIPS: process.env["FLIPS"] || "100" };

export default defineConfig({
  test: {
    // Three on two cores: some tests wait, for a process of their own or for a service that is slow. More only take turns.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...LOCAL,
          name: "local",
          include: ["test/**/*.test.ts"],
          exclude: ["test/aws/**", "test/trino/**"],
        },
      },
      { test: { ...LOCAL, ...LONG, name: "faults", include: ["test/faults/**/*.test.ts"], env: FAULTS } },
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
