import { expect, test } from "vitest";
import { ServiceRefused, ServiceUnavailable } from "../../../handlers/clients/http/service-errors.ts";
import { elevenLabsFindings } from "../../../handlers/doctor/elevenlabs-findings.ts";
import { aWebhook, SENT } from "../../support/fixtures/webhooks.ts";

const URL = "https://archive.example.com/post-call";
const HERE = { url: URL, now: new Date() };
const STATE = { webhooks: [aWebhook(URL)], settings: SENT, clockAheadSecs: 0 };
const AGENTS = { agents: [], refused: 0, isAll: true };
const REFUSED = new ServiceRefused("ElevenLabs answered 401", { status: 401 });

/** What is found where these are seen, or fail. */
async function found(state: typeof STATE | Error, agents: typeof AGENTS | Error): Promise<string[]> {
  const given = async <Part>(part: Part | Error) => {
    if (part instanceof Error) throw part;
    return part;
  };
  const source = { state: () => given(state), agents: () => given(agents) };
  const findings = await elevenLabsFindings(source, HERE);
  return findings.flatMap(({ level, subject }) => (level === "ok" ? [] : [`${level} ${subject}`]));
}

test("what the key may not see does not keep the rest from being looked at", async () => {
  expect(await found(STATE, AGENTS)).toEqual([]);
  expect(await found(STATE, REFUSED)).toEqual(["note agents"]);
  expect(await found(REFUSED, AGENTS)).toEqual(["note webhooks", "note settings", "note clock of ElevenLabs"]);
});

test("a key that is rejected for everything is an error, and so is a service that does not answer", async () => {
  await expect(found(REFUSED, REFUSED)).rejects.toBe(REFUSED);
  const down = new ServiceUnavailable("ElevenLabs answered 500");
  await expect(found(down, AGENTS)).rejects.toBe(down);
  expect(await found(STATE, down)).toEqual(["wrong agents"]);
});
