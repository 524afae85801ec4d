import { defineConfig } from "vitest/config";
import { LongFilesFirst } from "./test/support/long-files-first.ts";

/** Whether one of these variables requests more work than usual. Then a test may take hours. */
const IS_LONG = ["FAULT_CALLS", "FLIPS", "COPIED_CALLS", "READERS", "FUZZ_RUNS"].some((name) => process.env[name]);

/** Timeouts of tests and hooks. */
const [USUAL, LONG] = [
  { testTimeout: 120_000, hookTimeout: 120_000 },
  { testTimeout: 2 * 60 * 60_000, hookTimeout: 30 * 60_000 },
];

const SHARED = {
  ...(IS_LONG ? LONG : USUAL),
  // How long a test polls for an event. Long enough for a loaded machine.
  expect: { poll: { timeout: 20_000 } },
};

/** Tests that need only Node, and some minutes: for each test a process, a limit of time or of memory, or sounds. */
const SLOW = "test/**/*.slow.test.ts";

/** Tests that need only Node. */
const LOCAL = {
  ...SHARED,
  // Test files share a worker and its modules, so a file must undo each change that it makes to its process.
  isolate: false,
  globalSetup: "test/support/temporary-folder.setup.ts",
  setupFiles: "test/support/setup.ts",
};

/** How much `npm run test:faults` does. A variable of the same name overrides each value. */
const FAULTS = {
  FAULT_CALLS: process.env["FAULT_CALLS"] || "1000",
  FLIPS: process.env["FLIPS"] || "100",
  LOCK_ROUNDS: process.env["LOCK_ROUNDS"] || "20",
};

export default defineConfig({
  test: {
    // Four workers on two cores, because some tests wait for a child process or a slow service. More are not faster.
    maxWorkers: 4,
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        test: {
          ...LOCAL,
          name: "local",
          include: ["test/**/*.test.ts"],
          exclude: ["test/aws/**", "test/browser/**", "test/trino/**", "test/python/**", SLOW],
        },
      },
      { test: { ...LOCAL, name: "slow", include: [SLOW], exclude: ["test/faults/**"] } },
      { test: { ...LOCAL, ...LONG, name: "faults", include: ["test/faults/**/*.test.ts"], env: FAULTS } },
      {
        test: {
          ...SHARED,
          name: "python",
          include: ["test/python/**/*.test.ts"],
          globalSetup: "test/python/python.setup.ts",
        },
      },
      {
        test: {
          ...SHARED,
          name: "browser",
          setupFiles: "test/support/setup.ts",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "test/browser/browser.setup.ts",
        },
      },
      { test: { ...SHARED, name: "aws", include: ["test/aws/**/*.test.ts"], globalSetup: "test/aws/moto.setup.ts" } },
      {
        test: {
          ...SHARED,
          name: "trino",
          include: ["test/trino/**/*.test.ts"],
          // Creates the tables and views of a whole database, and writes thousands of calls.
          globalSetup: "test/trino/trino.setup.ts",
        },
      },
    ],
  },
});
