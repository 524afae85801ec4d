import { expect, test } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

const AT_ONCE = { stop: AbortSignal.abort() };

test("accepts deliveries until it is stopped, and prints the address and the secret", async () => {
  const { code, error } = await runCommand("start", await newFolder(), [], { PORT: "0" }, AT_ONCE);
  expect(code).toBe(0);
  expect(error).toMatch(/ accepts deliveries at http:\/\/127\.0\.0\.1:\d+\/post-call\n/);
  expect(error).toMatch(/Webhook secret, stored in .*\/webhook-secret: wsec_[0-9a-f]{64}\n/);
  expect(error).toContain("Stopping. The next start continues with pending objects.\n");
});

test("names a setting that it cannot use", async () => {
  const { code, out, error } = await runCommand("start", await newFolder(), [], { PORT: "http" }, AT_ONCE);
  expect([code, out]).toEqual([2, ""]);
  expect(error).toBe('PORT is "http": it must be a whole number from 0 to 65535\n');
});
