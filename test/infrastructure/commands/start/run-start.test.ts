import { expect, test } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

const AT_ONCE = { stop: AbortSignal.abort() };

test("takes deliveries until it is stopped, and says where and with which secret", async () => {
  const { code, error } = await runCommand("start", await newFolder(), [], { PORT: "0" }, AT_ONCE);
  expect(code).toBe(0);
  expect(error).toMatch(/ takes deliveries at http:\/\/127\.0\.0\.1:\d+\/post-call\n/);
  expect(error).toMatch(/Webhook secret, kept in .*\/webhook-secret: wsec_[0-9a-f]{64}\n/);
  expect(error).toContain("Stopping. What is pending will be found again at the next start.\n");
});

test("names a setting that it cannot use", async () => {
  const { code, out, error } = await runCommand("start", await newFolder(), [], { PORT: "http" }, AT_ONCE);
  expect([code, out]).toEqual([2, ""]);
  expect(error).toBe('PORT is "http": it must be a whole number from 0 to 65535\n');
});
