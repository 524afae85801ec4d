import { expect, test } from "vitest";
import { ServiceRefused, ServiceUnavailable } from "../../../handlers/clients/http/service-errors.ts";
import { elevenLabsFindings } from "../../../handlers/doctor/elevenlabs-findings.ts";
import { aWebhook, SENT } from "../../support/fixtures/webhooks.ts";

const URL = "https://archive.example.com/post-call";
const HERE = { url: URL, now: new Date() };
const STATE = { webhooks: [aWebhook(URL)], settings: SENT, clockAheadSecs: 0 };
const AGENTS = { agents: [], refused: 0, isAll: true };
const REFUSED = new ServiceRefused("ElevenLabs answered 401", { status: 401 });

/** The findings if the requests return these, or fail. */
async function found(state: typeof STATE | Error, agents: typeof AGENTS | Error): Promise<string[]> {
  const given = async <Part>(part: Part | Error) => {
    if (part instanceof Error) throw part;
    return part;
  };
  const source = { state: () => given(state), agents: () => given(agents) };
  const findings = await elevenLabsFindings(source, HERE);
  return findings.flatMap(({ level, subject }) => (level === "ok" ? [] : [`${level} ${subject}`]));
}

test("checks the rest if the key may not read a part", async () => {
  expect(await found(STATE, AGENTS)).toEqual([]);
  expect(await found(STATE, REFUSED)).toEqual(["note agents"]);
  expect(await found(REFUSED, AGENTS)).toEqual(["note webhooks", "note settings", "note clock of ElevenLabs"]);
});

test("throws if the key is rejected for everything, or if the webhooks cannot be requested", async () => {
  await expect(found(REFUSED, REFUSED)).rejects.toBe(REFUSED);
  const down = new ServiceUnavailable("ElevenLabs answered 500");
  await expect(found(down, AGENTS)).rejects.toBe(down);
  expect(await found(STATE, down)).toEqual(["wrong agents"]);
});
