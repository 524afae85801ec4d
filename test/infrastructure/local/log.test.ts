import { expect, test } from "vitest";
import { masked } from "../../../handlers/clients/observability/log.ts";
import { jsonLog } from "../../../infrastructure/local/log.ts";

test("writes one line of JSON for each entry, with its time first", () => {
  const lines: string[] = [];
  const log = jsonLog(
    (line) => lines.push(line),
    () => new Date(0),
  );
  log({ event: "stored", bytes: 3, steps: ["audio"], reason: "two\nlines" });
  expect(lines).toEqual([
    '{"at":"1970-01-01T00:00:00.000Z","event":"stored","bytes":3,"steps":["audio"],"reason":"two\\nlines"}\n',
  ]);
});

test.each([
  ["16129782029/conv_1.json", "***29/conv_1.json"],
  ["16129782029/conv_1.failure.json", "***29/conv_1.failure.json"],
  ["user +16129782029", "user ***29"],
  ["user-anna-example-com-1a2b3c4d/conv_1.json", "user-***/conv_1.json"],
  ["ENOSPC: /data/archive/16129782029/conv_1.json", "ENOSPC: /data/archive/***29/conv_1.json"],
  ["+16129782029 and 447700900123", "***29 and ***23"],
  ["12345", "***45"],
])("masks the person in %j: %j", (text, logged) => {
  expect(masked(text)).toBe(logged);
});

test.each([
  "conv_1234567890.json",
  "_audio/conv_01jz8k.json",
  "_other/x/5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5.json",
  "anonymous/1234.json",
  "the user-agent is unknown",
  "status 500 after 3 tries",
])("%j names no person, and is unchanged", (text) => {
  expect(masked(text)).toBe(text);
});
