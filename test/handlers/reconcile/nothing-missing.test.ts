import { expect, onTestFinished, test } from "vitest";
import { elevenLabsConversations } from "../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { NOTHING, type ReconcileWindowDeps, reconcile } from "../../../handlers/reconcile/reconcile.ts";
import { seededRandom } from "../../../infrastructure/samples/random.ts";
import { eachSampleCall } from "../../../infrastructure/samples/sample-calls.ts";
import { anAudio, bodyOf, MP3 } from "../../support/fixtures/events.ts";
import { virtualClock } from "../../support/fixtures/virtual-clock.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";
import { elevenLabsServer } from "../../support/servers/elevenlabs-server.ts";

const CALLS = 300;

/**
 * ElevenLabs with `CALLS` calls, some with recordings, and an archive that received about four of five webhooks. Its
 * processor has no API key.
 */
async function aLossyWeek() {
  const server = await elevenLabsServer();
  onTestFinished(() => server.close());
  const world = aWorld({ memories: undefined });
  const random = seededRandom(11);
  const ids: { readonly calls: string[]; readonly recordings: string[] } = { calls: [], recordings: [] };
  for (const { conversationId, bodies, mp3 } of eachSampleCall({ count: CALLS, seed: 5, until: NOW })) {
    if (bodies.transcription === undefined) continue;
    const { full_audio: _, ...data } = JSON.parse(bodies.transcription).data;
    server.conversations.set(conversationId, JSON.stringify(data));
    ids.calls.push(conversationId);
    const sent = [bodyOf("post_call_transcription", data)];
    if (mp3) {
      server.recordings.set(conversationId, MP3);
      ids.recordings.push(conversationId);
      sent.push(anAudio({ conversation_id: conversationId }));
    }
    for (const body of sent) if (random.integer(1, 5) > 1) await world.take(body);
  }
  const options = { apiKey: "sk_test", baseUrl: server.url, clock: virtualClock() };
  const from: ReconcileWindowDeps = {
    archive: world.archive,
    conversations: elevenLabsConversations(options),
    recordings: elevenLabsRecordings(options),
    now: () => NOW,
  };
  return { world, ids, from };
}

test("one run fetches all calls and recordings of lost webhooks", async () => {
  const { world, ids, from } = await aLossyWeek();
  const window = { from: new Date(0), until: NOW };
  const idsIn = async (table: string) => (await world.rows(table)).map((row) => row["conversation_id"]).toSorted();
  const [before, toProcess] = [await idsIn("conversations"), new Set<string>()];

  const found = await reconcile(window, { ...from, onReconciled: ({ key }) => void (key && toProcess.add(key)) });
  for (const key of toProcess) await world.process(key);
  const { length: listed } = ids.calls;
  expect(found).toMatchObject({ listed, present: before.length, recovered: listed - before.length, failed: 0 });
  expect(found.recovered).toBeGreaterThan(CALLS / 10);
  expect(found.recoveredRecordings).toBeGreaterThan(CALLS / 20);
  expect(await idsIn("conversations")).toEqual(ids.calls.toSorted());
  expect(await idsIn("recordings")).toEqual(ids.recordings.toSorted());

  const versions = () => [...world.archive.objects].map(([key, { version }]) => `${key} ${version}`);
  const after = versions();
  expect(await reconcile(window, from)).toEqual({ ...NOTHING, listed, present: listed });
  expect(versions()).toEqual(after);
});
