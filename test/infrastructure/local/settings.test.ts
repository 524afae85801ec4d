import { expect, test } from "vitest";
import { settingsFrom, WrongSetting } from "../../../infrastructure/local/settings.ts";

test("without any variable, the settings are the defaults", () => {
  expect(settingsFrom({})).toEqual({
    folder: ".archive",
    port: 8787,
    host: "127.0.0.1",
    webhookSecrets: [],
    toleranceSeconds: 1800,
    defaultCountryCode: undefined,
    maxBodyBytes: 67_108_864,
    maxBytesInFlight: 268_435_456,
    memoryService: undefined,
    elevenLabs: undefined,
  });
});

test("an empty variable counts as not set", () => {
  const names = ["ARCHIVE_DIR", "PORT", "HOST", "ELEVENLABS_WEBHOOK_SECRET", "SIGNATURE_TOLERANCE_SECONDS"];
  const more = [
    "DEFAULT_COUNTRY_CODE",
    "MAX_BODY_BYTES",
    "MAX_BYTES_IN_FLIGHT",
    "MEM0_API_KEY",
    "MEM0_HOST",
    "ELEVENLABS_API_KEY",
    "ELEVENLABS_API_URL",
  ];
  const empty = Object.fromEntries([...names, ...more].map((name) => [name, " "]));
  expect(settingsFrom(empty)).toEqual(settingsFrom({}));
});

test("several secrets are separated by commas, with or without spaces", () => {
  const { webhookSecrets } = settingsFrom({ ELEVENLABS_WEBHOOK_SECRET: " wsec_a, wsec_b ,,wsec_c\n" });
  expect(webhookSecrets).toEqual(["wsec_a", "wsec_b", "wsec_c"]);
});

test("a service is used if its key is set, at another address if that is set", () => {
  const keys = { MEM0_API_KEY: " m0 ", ELEVENLABS_API_KEY: "xi" };
  expect(settingsFrom(keys)).toMatchObject({ memoryService: { apiKey: "m0" }, elevenLabs: { apiKey: "xi" } });
  const addresses = {
    MEM0_HOST: "http://127.0.0.1:1/",
    ELEVENLABS_API_URL: "https://api.eu.residency.elevenlabs.io//",
  };
  expect(settingsFrom({ ...keys, ...addresses })).toMatchObject({
    memoryService: { apiKey: "m0", host: "http://127.0.0.1:1" },
    elevenLabs: { apiKey: "xi", baseUrl: "https://api.eu.residency.elevenlabs.io" },
  });
  expect(settingsFrom(addresses)).toMatchObject({ memoryService: undefined, elevenLabs: undefined });
});

test.each([
  ["PORT", "0", "65535"],
  ["SIGNATURE_TOLERANCE_SECONDS", "0", "315360000"],
  ["MAX_BODY_BYTES", "0", "1073741824"],
  ["MAX_BYTES_IN_FLIGHT", "0", "1099511627776"],
])("%s accepts whole numbers from %s to %s, and the error for others states the range", (name, least, most) => {
  for (const good of [least, most]) expect(() => settingsFrom({ [name]: good })).not.toThrow();
  for (const bad of [String(Number(most) + 1), "-1", "1.5", "many", "0x10", "1e3"]) {
    expect(() => settingsFrom({ [name]: bad })).toThrow(WrongSetting);
    expect(() => settingsFrom({ [name]: bad })).toThrow(
      `${name} is "${bad}": it must be a whole number from 0 to ${most}`,
    );
  }
});

test.each([
  ["44", "44"],
  [" +1 ", "1"],
  ["0049", "49"],
])("DEFAULT_COUNTRY_CODE may be %j", (stated, code) => {
  expect(settingsFrom({ DEFAULT_COUNTRY_CODE: stated }).defaultCountryCode).toBe(code);
});

test.each(["0", "UK", "4412", "+", "4 4"])("DEFAULT_COUNTRY_CODE must be a country code, not %j", (bad) => {
  expect(() => settingsFrom({ DEFAULT_COUNTRY_CODE: bad })).toThrow("it must be a country code, as 44");
});

test.each(["MEM0_HOST", "ELEVENLABS_API_URL"])("%s must be a web address", (name) => {
  for (const bad of ["api.mem0.ai", "ftp://x", "http//x"]) {
    expect(() => settingsFrom({ [name]: bad })).toThrow(`${name} is "${bad}": it must be an address`);
  }
});
