import { expect, test } from "vitest";
import type { Archive } from "../../handlers/clients/archive.ts";
import type { Failure, Failures } from "../../infrastructure/redrive/failures.ts";
import { aTranscription } from "../fixtures/events.ts";

/** An archive that has given up on objects. */
export interface GivingUp {
  readonly archive: Archive;
  /** Gives up on the object at `key`, which need not be there. */
  giveUpOn(key: string): Promise<unknown>;
  /** Processes the object at `key` as far as it is not done, unless that happened by itself. */
  process(key: string): Promise<unknown>;
  open(): Failures;
}

const KEY = "12025550101/conv_1.json";
const OTHER = "12025550101/conv_2.json";

/** What every implementation of `Failures` does, whatever it stands on. */
export function failuresContract(name: string, aGivingUp: () => Promise<GivingUp>): void {
  /** Opens them for one thing, as a command does. */
  async function once<Result>({ open }: GivingUp, use: (failures: Failures) => Promise<Result>): Promise<Result> {
    const failures = open();
    return use(failures).finally(failures.close);
  }
  const listed = (given: GivingUp) => once(given, ({ list }) => list());
  const keysOf = (failures: readonly Failure[]) => failures.map(({ key }) => key);

  test(`${name}: there are none where nothing was given up on`, async () => {
    expect(await listed(await aGivingUp())).toEqual([]);
  });

  test(`${name}: what was given up on is listed in the order of keys, each time`, async () => {
    const given = await aGivingUp();
    for (const key of [OTHER, KEY]) {
      await given.archive.put(key, aTranscription({ conversation_id: key.slice(12, -5) }));
      await given.giveUpOn(key);
    }
    for (let time = 0; time < 2; time += 1) {
      expect(await listed(given)).toMatchObject([KEY, OTHER].map((key) => ({ key, state: "failed" })));
    }
    expect((await listed(given)).map(({ since }) => since)).toEqual(
      Array(2).fill(expect.stringMatching(/^2\d{3}-.*Z$/)),
    );
  });

  test(`${name}: what is gone or was processed meanwhile is said to be so`, async () => {
    const given = await aGivingUp();
    await given.archive.put(KEY, aTranscription());
    for (const key of [KEY, OTHER]) await given.giveUpOn(key);
    await given.process(KEY);
    expect(await listed(given)).toMatchObject([
      { key: KEY, state: "processed", reason: "processed meanwhile" },
      { key: OTHER, state: "gone", reason: "gone: no object to process is there any more" },
    ]);
  });

  test(`${name}: what is dropped is forgotten, and the others are not`, async () => {
    const given = await aGivingUp();
    for (const key of [KEY, OTHER]) await given.giveUpOn(key);
    await once(given, async (failures) => {
      for (const failure of await failures.list()) if (failure.key === KEY) await failures.drop(failure);
    });
    expect(keysOf(await listed(given))).toEqual([OTHER]);
  });

  test(`${name}: what is sent back is processed, and given up on no more`, async () => {
    const given = await aGivingUp();
    await given.archive.put(KEY, aTranscription());
    await given.archive.put(OTHER, aTranscription({ conversation_id: "conv_2" }));
    for (const key of [KEY, OTHER]) await given.giveUpOn(key);
    await once(given, async (failures) => {
      for (const failure of await failures.list()) if (failure.key === KEY) await failures.send(failure);
      await failures.sent();
    });
    await given.process(KEY);
    expect(keysOf(await listed(given))).toEqual([OTHER]);
    const index = JSON.parse(String((await given.archive.get("_index/conv_1"))?.body));
    expect(index.objects[KEY].done).toEqual(["audio", "rows", "memory"]);
  });
}
