import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderMemories } from "../../../handlers/clients/memory/memory-folder.client.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { aTranscription, metadataWith } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post, SECRET, tree } from "../../support/fixtures/local.ts";
import { changeJson, foundIn } from "./archive-to-verify.ts";

const KEY = "00442079460100/conv_1.json";

/** An archive with a call in the folder that an earlier version chose. */
async function anEarlierArchive() {
  const folder = await newFolder();
  const phone_call = { direction: "inbound", external_number: "0044 20 7946 0100" };
  const body = aTranscription({ metadata: metadataWith({ phone_call }) });
  const archive = await aRunningArchive(folder);
  const metadata = {
    source: "webhook",
    "received-at": new Date().toISOString(),
    "elevenlabs-signature": signature(body, SECRET, new Date()),
  };
  await archive.archive.put(KEY, body, { metadata });
  archive.queue.add(KEY);
  await archive.queue.idle();
  return { folder, archive, body };
}

test("with a country code, a call with a national number belongs to the whole number, in every part of the archive", async () => {
  const folder = await newFolder();
  const env = { DEFAULT_COUNTRY_CODE: "44" };
  const metadata = metadataWith({ phone_call: { direction: "inbound", external_number: "020 7946 0100" } });
  const archive = await aRunningArchive(folder, env);
  await post(archive.url, aTranscription({ metadata }));
  await archive.queue.idle();
  expect(await tree(join(folder, "archive/442079460100"))).toEqual([expect.stringContaining("conv_1.json ")]);
  expect(await tree(join(folder, "memories"))).toEqual([expect.stringMatching(/^\+442079460100\.jsonl /)]);
  expect(await foundIn(folder, { defaultCountryCode: "44" })).toEqual([]);
  const withoutCode = await foundIn(folder);
  expect(withoutCode).toContain("earlier folder 442079460100/conv_1.json");
  expect(withoutCode.join()).not.toContain("misfiled");
});

test("a call from before the country code was set holds, with a notice", async () => {
  const folder = await newFolder();
  const metadata = metadataWith({ phone_call: { direction: "inbound", external_number: "020 7946 0100" } });
  const archive = await aRunningArchive(folder);
  await post(archive.url, aTranscription({ metadata }));
  await archive.queue.idle();
  const found = await foundIn(folder, { defaultCountryCode: "44" });
  expect(found).toContain("earlier folder 02079460100/conv_1.json");
  expect(found.filter((line) => !line.startsWith("memory "))).toHaveLength(1);
});

test("a call in the folder of an earlier version holds, with a notice", async () => {
  const { folder } = await anEarlierArchive();
  expect(await foundIn(folder)).toEqual([`earlier folder ${KEY}`]);
});

test("reprocessing moves the memories of such a call to the caller, and never its bytes", async () => {
  const { folder, archive, body } = await anEarlierArchive();
  const memories = await tree(join(folder, "memories"));
  expect(memories).toEqual([expect.stringMatching(/^\+442079460100\.jsonl /)]);

  // As an earlier version left it: the memories belong to the number as it was delivered.
  const earlier = "00442079460100";
  const lines = (await readFile(join(folder, "memories/+442079460100.jsonl"), "utf8")).trim().split("\n");
  const store = folderMemories(folder);
  for (const line of lines) await store.add({ ...JSON.parse(line), user_id: earlier });
  await store.forget("+442079460100", "conv_1", { inFlight: false });
  await changeJson(join(folder, "archive/_index/conv_1"), (index) => {
    index.memory.user_ids = [earlier];
    return index;
  });
  expect(await foundIn(folder)).toContain(`memory ${KEY}`);

  await archive.archive.put(KEY, body);
  archive.queue.add(KEY);
  await archive.queue.idle();
  expect(await tree(join(folder, "memories"))).toEqual(memories);
  expect(await readFile(join(folder, "archive", KEY))).toEqual(body);
  expect(await tree(join(folder, "archive/442079460100"))).toEqual([]);
});
