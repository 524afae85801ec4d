import { expect, test } from "vitest";
import { elevenLabsConversations } from "../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { NOTHING, reconcile } from "../../handlers/reconcile/reconcile.ts";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { worldsOf } from "./fault-runs.ts";
import { faultyWorld } from "./faulty-world.ts";
import { violations } from "./invariants.ts";

test.each(worldsOf(25))(
  "with one webhook in five dropped and one operation in twenty failing, reconciling finds every call (seed $seed, $calls calls)",
  async ({ seed, calls }) => {
    const random = seededRandom(seed, 2_000_002);
    const world = await faultyWorld({ seed, calls, faultRate: 0.05, isDropped: () => random.chance(0.2) });
    const { state, outside } = world;
    const { elevenLabs, time } = outside;
    for (const { conversationId, bodies } of world.calls) {
      if (bodies.transcription === undefined) continue;
      const { full_audio: _, ...data } = JSON.parse(bodies.transcription).data;
      elevenLabs.conversations.set(conversationId, JSON.stringify(data));
    }
    await world.run();

    const clock = { now: () => new Date(time.now()), sleep: async () => {} };
    const options = { apiKey: "sk_test", baseUrl: elevenLabs.url, clock };
    const from = {
      archive: state.bucket,
      conversations: elevenLabsConversations(options),
      recordings: elevenLabsRecordings(options),
      now: clock.now,
    };
    const everything = { from: new Date(0), until: new Date(time.now() + 86_400_000) };
    const found = await reconcile(everything, from);
    expect(found.recovered).toBeGreaterThan(0);
    expect(found).toMatchObject({ listed: elevenLabs.conversations.size, unrecoverable: 0, failed: 0 });
    await world.settle();

    expect(await violations(state), `seed ${seed}`).toEqual([]);
    const stored = [...state.bucket.objects.keys()].map((key) => key.replace(/^.*\//, ""));
    const missing = [...elevenLabs.conversations.keys()].filter((id) => !stored.includes(`${id}.json`));
    expect(missing).toEqual([]);
    expect(await reconcile(everything, from)).toEqual({ ...NOTHING, listed: found.listed, present: found.listed });
  },
);
