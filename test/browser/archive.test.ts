import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWithActions } from "../../infrastructure/commands/toolkit/actions/start-with-actions.ts";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { settingsFrom } from "../../infrastructure/local/settings.ts";
import { aTranscription, metadataWith } from "../support/fixtures/events.ts";
import { post, SECRET } from "../support/fixtures/local.ts";
import { elevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import { mem0Server } from "../support/servers/mem0-server.ts";
import { aPage, axeFindings, describeBrowser, expectAccessible, FORMS, IN_EVERY_FORM } from "./browser.ts";

const KEY = "12025550101/conv_1.json";
const metadata = metadataWith({ start_time_unix_secs: Math.floor(Date.now() / 1000) - 3_600 });
const CALLS = ["conv_1", "conv_2", "conv_3"].map((conversation_id) =>
  aTranscription({ conversation_id, metadata, has_audio: false }),
);
const REFUSAL = { does: "answer", status: 400, body: '{"error":"text too long"}' } as const;

/** Matches every add of a memory while it is on. */
class Adds extends RegExp {
  isOn = true;
  override test(request: string): boolean {
    return this.isOn && super.test(request);
  }
}

/** An archive that runs with its actions. It has two calls, whose memories are refused. ElevenLabs has three. */
async function anArchive() {
  const folder = await mkdtemp(join(tmpdir(), "console-"));
  const [server, mem0] = [await elevenLabsServer({ apiKey: "sk_test" }), await mem0Server()];
  for (const call of CALLS) {
    const { data } = JSON.parse(String(call));
    server.conversations.set(data.conversation_id, JSON.stringify(data));
  }
  const settings = settingsFrom({
    ARCHIVE_DIR: folder,
    PORT: "0",
    ELEVENLABS_WEBHOOK_SECRET: SECRET,
    ELEVENLABS_API_KEY: "sk_test",
    ELEVENLABS_API_URL: server.url,
    MEM0_API_KEY: "m0_test",
    MEM0_HOST: mem0.url,
  });
  const archive = await startWithActions(
    settings,
    () => {},
    () => new Date(),
  );
  afterAll(async () => {
    await archive.close();
    await Promise.all([server.close(), mem0.close()]);
  });
  const refused = new Adds("add");
  mem0.fail(REFUSAL, { on: refused, times: Number.POSITIVE_INFINITY });
  for (const call of CALLS.slice(0, 2)) await post(archive.url, call);
  await archive.queue.idle();
  return { folder, refused, archive };
}

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const dialog = (page: Page) => page.getByRole("dialog");

describeBrowser("the archive", () => {
  let archive: RunningArchive;
  let folder: string;
  let refused: Adds;
  beforeAll(async () => {
    ({ folder, refused, archive } = await anArchive());
  });

  test("states what it does not know, and shows a dead letter with its reason and its call", async () => {
    const page = await aPage(`${archive.url}/archive`);
    await expect.poll(() => region(page, "Will the next call arrive?").textContent()).toContain("Not known");
    expect(await region(page, "Is what is here whole?").textContent()).toContain("2 objects are not finished");
    const letters = region(page, "Dead letters");
    expect(await letters.textContent()).toMatch(/conv_1\.json.*text too long/s);
    await letters.getByRole("link", { name: KEY }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe("/calls/conv_1");
  });

  test("sends a dead letter back, which fails again and then is processed", async () => {
    const page = await aPage(`${archive.url}/archive`);
    const sendBack = page.getByRole("button", { name: `Send back… ${KEY}` });
    await sendBack.click();
    await dialog(page).getByText("1 object would be sent back").waitFor();
    expect(await dialog(page).textContent()).toMatch(new RegExp(`${KEY}.*npm run redrive -- ${KEY} --send`, "s"));
    await dialog(page).getByRole("button", { name: "Send back" }).click();
    await dialog(page).getByText("0 of 1 object processed").waitFor();
    expect(await dialog(page).textContent()).toContain("failed again");
    await dialog(page).getByRole("button", { name: "Close" }).click();

    refused.isOn = false;
    await page.getByRole("button", { name: "Send all back" }).click();
    await dialog(page).getByText("2 objects would be sent back").waitFor();
    await dialog(page).getByRole("button", { name: "Send back" }).click();
    await dialog(page).getByText("2 of 2 objects processed").waitFor();
    const run = new URL(page.url()).searchParams.get("run");
    await page.reload();
    await dialog(page).getByText("2 of 2 objects processed").waitFor();
    expect(new URL(page.url()).searchParams.get("run")).toBe(run);
    await page.keyboard.press("Escape");
    await expect.poll(() => region(page, "Dead letters").textContent()).toContain("None");
    expect(await page.getByRole("button", { name: "Send all back" }).count()).toBe(0);
    expect(await region(page, "Done from this page").getByRole("listitem").count()).toBe(2);
  });

  test("finds a missing call by a plan, and fetches it", async () => {
    const page = await aPage(`${archive.url}/archive`);
    await page.getByRole("button", { name: "Fetch…" }).click();
    await dialog(page).getByRole("button", { name: "Show the plan" }).click();
    await dialog(page).getByText("The archive lacks").waitFor();
    expect(await dialog(page).textContent()).toContain("conv_3call missing");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await page.reload();
    const complete = region(page, "Is every call here that ElevenLabs has?");
    await expect.poll(() => complete.textContent()).toContain("1 call is missing");
    await page.getByRole("button", { name: "Fetch 1 call…" }).click();
    await dialog(page).getByRole("button", { name: "Show the plan" }).click();
    await dialog(page).getByRole("button", { name: "Fetch", exact: true }).click();
    await dialog(page).getByText("1 calls and 0 recordings fetched").waitFor();
    await expect.poll(() => complete.textContent()).not.toContain("missing");
  });

  test("verifies, and shows what was found and when", async () => {
    await rm(join(folder, "analytics/live/turns"), { recursive: true });
    const page = await aPage(`${archive.url}/archive`);
    await page.getByRole("button", { name: "Verify…" }).click();
    expect(await dialog(page).textContent()).toContain("npm run verify");
    await dialog(page).getByLabel("Read each recording").check();
    expect(await dialog(page).textContent()).toContain("npm run verify -- --recordings");
    await dialog(page).getByRole("button", { name: "Verify" }).click();
    await dialog(page).getByText("checked:").waitFor();
    await dialog(page).getByRole("button", { name: "Close" }).click();
    await expect.poll(() => region(page, "Findings of the last checks").textContent()).toContain(KEY);
    const whole = region(page, "Is what is here whole?");
    expect(await whole.textContent()).toMatch(/3 findings.*Checked/s);

    await page.getByRole("button", { name: "Verify…" }).click();
    await dialog(page).getByLabel("Repair what can be repaired").check();
    await dialog(page).getByRole("button", { name: "Verify and repair" }).click();
    await dialog(page).getByText("nothing is wrong").waitFor();
    await dialog(page).getByRole("button", { name: "Close" }).click();
    await expect.poll(() => whole.textContent()).toContain("Yes");
  });

  test("a plan that the archive refuses shows why", async () => {
    const page = await aPage(`${archive.url}/archive`, { expected: /status of 400/ });
    await page.getByRole("button", { name: "Process again…" }).click();
    await dialog(page).getByLabel("From").fill("2026-11-20");
    await dialog(page).getByLabel("To").fill("2026-11-10");
    await dialog(page).getByRole("button", { name: "Show the plan" }).click();
    await dialog(page).getByText("from is after to: exchange them").waitFor();
    expect(await dialog(page).getByRole("button", { name: "Process again" }).count()).toBe(0);
  });

  test("shows commands instead of buttons where there are no actions", async () => {
    const page = await aPage(`${archive.url}/calls`, { expected: /status of 404/ });
    await page.route("**/api/v1/actions", (route) =>
      route.fulfill({ status: 404, contentType: "application/problem+json", body: '{"title":"No actions here"}' }),
    );
    await page.goto(`${archive.url}/archive`);
    await region(page, "Dead letters").waitFor();
    expect(await page.getByRole("button", { name: /…$/ }).count()).toBe(0);
    expect(await page.getByText("npm run verify", { exact: true }).count()).toBe(1);
  });

  test.each(FORMS)(IN_EVERY_FORM, async (form) => {
    const page = await aPage(`${archive.url}/archive`, form);
    await region(page, "Calls without a recording").getByText("recording off").first().waitFor();
    await page.getByText("The numbers of each day").click();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Process again…" }).click();
    await dialog(page).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
