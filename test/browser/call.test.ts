import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { aDemoArchive, aPage, describeBrowser, expectAccessible, FORMS, IN_EVERY_FORM } from "./browser.ts";
import {
  ANSI,
  EMOJI,
  HOSTILE_ID,
  hostileCall,
  LONG_ID,
  longCall,
  RIGHT_TO_LEFT,
  SCRIPT,
  TANGLED_ID,
  tangledCall,
} from "./hostile-calls.ts";

/** A call of 56 s with two interruptions, two failed tool calls and a long silence. */
const TROUBLED = "Refund status could not be checked";
const LONG_TURNS = 5_000;

interface Listed {
  readonly title: string | null;
  readonly status: string;
  readonly conversation_id: string;
}

describeBrowser("one call", () => {
  let archive: RunningArchive;
  let ids: ReadonlyMap<string, string>;
  beforeAll(async () => {
    archive = await aDemoArchive([hostileCall(), longCall(LONG_TURNS), tangledCall()]);
    const answer = await fetch(`${archive.url}/api/v1/calls?from=2020-01-01`);
    const { items: rows } = (await answer.json()) as { items: Listed[] };
    ids = new Map(rows.map(({ title, status, conversation_id }) => [title ?? status, conversation_id]));
  });
  const callUrl = (title: string, query = "") => `${archive.url}/calls/${ids.get(title) ?? title}${query}`;

  test("opens at the moment in the address, with its turn as the current one", async () => {
    const page = await aPage(callUrl(TROUBLED, "?t=29"));
    await expect.poll(() => currentTurn(page)).toContain("Our payments system is slow today");
    expect(await position(page)).toBe(29);
    await expect.poll(() => page.title()).toContain(TROUBLED);
    expect(await page.getByRole("slider").getAttribute("aria-valuetext")).toBe("0:29 of 0:56, Agent");
  });

  test("plays and pauses with Space, and the current turn moves on", async () => {
    const page = await aPage(callUrl(TROUBLED, "?t=34"));
    await expect.poll(() => currentTurn(page)).toContain("Our payments system");
    await page.keyboard.press(" ");
    await expect.poll(() => audioTime(page)).toBeGreaterThan(35.2);
    await expect.poll(() => currentTurn(page)).toContain("I'm afraid I still can't reach it");
    await page.keyboard.press(" ");
    await expect.poll(() => page.getByRole("button", { name: "Play", exact: true }).count()).toBe(1);
    const paused = await audioTime(page);
    expect(await page.evaluate(`${AUDIO}.paused`)).toBe(true);
    await page.waitForTimeout(300);
    expect(await audioTime(page)).toBe(paused);
  });

  test("seeks by keys, by a click on the time line, and by turns", async () => {
    const page = await aPage(callUrl(TROUBLED));
    await ready(page);
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) await page.keyboard.press(key);
    await expect.poll(() => audioTime(page)).toBe(5);
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    await expect.poll(() => position(page)).toBe(56);
    await page.keyboard.press("Home");
    await expect.poll(() => audioTime(page)).toBe(0);

    const place = await page.locator(".tlb").first().boundingBox();
    if (!place) throw new Error("no time line");
    await page.mouse.click(place.x + place.width / 2, place.y + 40);
    await expect.poll(() => audioTime(page)).toBeCloseTo(28, 0);

    await page.keyboard.press("Home");
    for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
    await expect.poll(() => currentTurn(page)).toContain("Yes hi, Nora again");
    for (const key of [">", ">", "<"]) await page.keyboard.press(key);
    expect(await page.evaluate(`${AUDIO}.playbackRate`)).toBe(1.25);
  });

  test("a click on a turn plays it", async () => {
    const page = await aPage(callUrl(TROUBLED));
    await ready(page);
    await page.getByText("You said five days.").click();
    await expect.poll(() => audioTime(page)).toBeGreaterThan(39);
    expect(await page.evaluate(`${AUDIO}.paused`)).toBe(false);
  });

  test("a hit of a search opens the call at its turn and plays it", async () => {
    const page = await aPage(`${archive.url}/calls`);
    await page.getByRole("heading", { name: "Calls", exact: true }).click();
    const path = new URL(callUrl(TROUBLED, "?turn=9&play=1"));
    await page.evaluate(`history.pushState({}, "", "${path.pathname}${path.search}")`);
    await expect.poll(() => currentTurn(page)).toContain("I understand.");
    await expect.poll(() => audioTime(page)).toBeGreaterThan(43.2);
  });

  test("turns of one second, without a time and with earlier times come one after the other", async () => {
    const page = await aPage(callUrl(TANGLED_ID, "?turn=3"));
    await expect.poll(() => currentTurn(page)).toContain("Turn 3.");
    for (const turn of [4, 5, 6, 6]) {
      await page.keyboard.press("j");
      await expect.poll(() => currentTurn(page)).toContain(`Turn ${turn}.`);
    }
    for (const turn of [5, 4, 3, 2, 1, 0, 0]) {
      await page.keyboard.press("k");
      await expect.poll(() => currentTurn(page)).toContain(`Turn ${turn}.`);
    }
  });

  test("the preview of the list plays a call", async () => {
    const page = await aPage(`${archive.url}/calls?sel=${ids.get(TROUBLED)}`);
    const preview = page.getByRole("complementary", { name: "Preview" });
    await preview.getByRole("button", { name: "Play" }).click();
    await expect.poll(() => audioTime(page)).toBeGreaterThan(0.3);
    await page.keyboard.press("j");
    await expect.poll(() => preview.getByRole("button", { name: "Pause" }).count()).toBe(0);
  });

  test("the waveform has the agent above the line, the caller below, and nothing in a silence", async () => {
    const page = await aPage(callUrl(TROUBLED));
    await ready(page);
    const ink = (from: number, to: number) => inkBetween(page, from / 56, to / 56);
    await expect.poll(() => ink(0, 2.5)).toEqual({ above: true, below: false });
    expect(await ink(4, 8)).toEqual({ above: false, below: true });
    expect(await ink(11, 27)).toEqual({ above: false, below: false });
    expect(await ink(28.5, 31)).toEqual({ above: true, below: false });
  });

  test("n goes to the next problem and shows what it is", async () => {
    const page = await aPage(callUrl(TROUBLED));
    await page.getByRole("button", { name: "Next of 5 problems" }).waitFor();
    const seen: [number, string | null][] = [];
    for (let press = 0; press < 6; press++) {
      await page.keyboard.press("n");
      seen.push([await position(page), await page.locator(".toast").textContent()]);
    }
    expect(seen).toEqual([
      [2, "Interruption"],
      [6, "refund_status failed"],
      [8, "19\u202fs of silence"],
      [30, "refund_status failed"],
      [38, "Interruption"],
      [2, "Interruption"],
    ]);
  });

  test("cut-off words are struck through, and tool calls open in place", async () => {
    const page = await aPage(callUrl(TROUBLED));
    const lost = page.locator(".turn del").first();
    await expect.poll(() => lost.textContent()).toBe(" open Monday to Saturday, and you can also book online.");
    const tool = page.getByRole("button", { name: /refund_status.*timed out/ });
    await tool.click();
    await expect
      .poll(() => page.locator("pre").allTextContents())
      .toEqual(['{\n  order_number: "LS-48213"\n}', "Tool failed: no answer within 20 seconds"]);
    await page.keyboard.press("e");
    await expect.poll(() => page.locator("pre").count()).toBeGreaterThanOrEqual(4);
    await expect.poll(() => page.getByText("19\u202fs of silence with refund_status").count()).toBe(1);
  });

  test("hostile texts are shown as text, and no script runs", async () => {
    const page = await aPage(callUrl(HOSTILE_ID));
    await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toBe(SCRIPT);
    const turns = page.locator(".turn .tx");
    for (const text of [SCRIPT, RIGHT_TO_LEFT, EMOJI]) expect(await turns.allTextContents()).toContain(text);
    expect((await turns.allTextContents()).join("\n")).toContain(ANSI.replaceAll("\u001b", "␛").replace("\u0007", "␇"));
    const folded = turns.filter({ hasText: "begin very long" });
    expect((await folded.textContent())?.length).toBeLessThan(2_000);
    await folded.getByRole("button").first().click();
    await expect.poll(async () => (await folded.textContent())?.length).toBeGreaterThan(20_000);
    await folded.getByRole("button", { name: "Fold" }).click();

    await page.keyboard.press("e");
    await page.getByRole("region", { name: "Transcript" }).press("End");
    await expect.poll(() => page.getByRole("button", { name: /Inside look_up.*failed/ }).count()).toBe(1);
    await expect
      .poll(() => page.locator("pre.bad").textContent())
      .toBe(`{\n  html: ${JSON.stringify(SCRIPT)},\n  id: 12345678901234567890\n}`);
    for (const text of ["ignored by the agent: mhm", "sent by your application: The page shows the basket"])
      await expect.poll(() => turns.allTextContents()).toContain(text);
    await page.getByText("Variables", { exact: false }).click();
    expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
    expect(await page.locator("main img, main script").count()).toBe(0);
  });

  test("a call of thousands of turns has few of them in the page, and opens at any", async () => {
    const page = await aPage(callUrl(LONG_ID, `?turn=${LONG_TURNS - 100}`));
    await expect.poll(() => currentTurn(page)).toContain(`Turn ${LONG_TURNS - 100} `);
    expect(await page.locator(".tr > li").count()).toBeLessThan(100);
    const pane = page.getByRole("region", { name: "Transcript" });
    await pane.hover();
    await page.mouse.wheel(0, -3_000);
    const back = page.getByRole("button", { name: /^Back to/ });
    await back.click();
    await expect.poll(() => page.locator(".turn.now").isVisible()).toBe(true);
    expect(await back.count()).toBe(0);
    await page.mouse.wheel(0, -3_000);
    await back.waitFor();
    await page.keyboard.press("j");
    await expect.poll(() => currentTurn(page)).toContain(`Turn ${LONG_TURNS - 99} `);
    expect(await back.count()).toBe(0);
  });

  test("exports the transcript, the delivery and the recording, and copies a link", async () => {
    const page = await aPage(callUrl(TROUBLED, "?t=29"), { permissions: ["clipboard-read", "clipboard-write"] });
    await ready(page);
    const exported = async (name: string) => {
      await page.getByRole("button", { name: "Export" }).click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
      await page.keyboard.press("Escape");
      return readFile(await download.path());
    };
    expect(String(await exported("Text"))).toContain("00:03 user: Yes hi, Nora again.");
    expect(String(await exported("Markdown"))).toMatch(/^# /);
    expect(String(await exported("WebVTT"))).toMatch(/^WEBVTT/);
    expect(JSON.parse(String(await exported("Rows"))).items).toHaveLength(15);
    expect(JSON.parse(String(await exported("Delivery"))).type).toBe("post_call_transcription");
    const recording = await fetch(callUrl(TROUBLED).replace("/calls/", "/api/v1/calls/").concat("/recording"));
    expect((await exported("MP3")).equals(Buffer.from(await recording.arrayBuffer()))).toBe(true);
    await page.keyboard.press("c");
    await expect.poll(() => page.locator(".toast").textContent()).toBe("Link to this moment copied");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(callUrl(TROUBLED, "?t=29"));
  });

  test("a call without a recording has a sentence, and no empty player", async () => {
    const page = await aPage(callUrl("Appointment moved"));
    await expect.poll(() => page.getByText("This was a chat").count()).toBe(1);
    await page.keyboard.press("j");
    await expect.poll(() => currentTurn(page)).toContain("Friday at eleven is free");
    await page.goto(callUrl("initiation_failure"));
    await expect.poll(() => page.getByText("There was no call").count()).toBe(1);
    expect(await page.locator("audio, .pc").count()).toBe(0);
    await page.goto(callUrl("Opening hours"));
    await expect.poll(() => page.getByText("There is no recording here").count()).toBe(1);
    expect(await page.locator("audio, button.play").count()).toBe(0);
  });

  test("a recording in Glacier has the problem of the read API, and the time line of the transcript", async () => {
    const page = await aPage(`${archive.url}/calls`, { expected: /status of 409/ });
    const problem = { type: "about:blank", title: "Object in Glacier", status: 409, detail: "Restore it first." };
    await page.route("**/recording*", (route) =>
      route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
    await page.goto(callUrl(TROUBLED));
    await expect.poll(() => page.getByText("Object in Glacier").count()).toBe(1);
    expect(await page.locator("audio, button.play").count()).toBe(0);
    expect(await page.getByRole("slider").count()).toBe(1);
    await page.unroute("**/recording*");
    await page.getByRole("button", { name: "Try again" }).click();
    await ready(page);
  });

  test("goes to the calls beside it in its list", async () => {
    const page = await aPage(`${archive.url}/calls?outcome=success`);
    const rows = page.getByRole("row");
    await expect.poll(() => rows.count()).toBe(12);
    await rows.nth(1).dblclick();
    await expect.poll(() => page.locator(".pos").textContent()).toBe("2 of 12");
    const second = page.url();
    await page.keyboard.press("]");
    await expect.poll(() => page.locator(".pos").textContent()).toBe("3 of 12");
    const third = page.url();
    expect(new URL(third).searchParams.get("outcome")).toBe("success");

    const colleague = await aPage(third);
    const before = colleague.getByRole("link", { name: "Call before in the list" });
    await expect.poll(() => before.getAttribute("href")).toBe(second.slice(archive.url.length));
    await colleague.keyboard.press("[");
    await expect.poll(() => colleague.url()).toBe(second);
  });

  test("on a phone the player stays in view, and the facts are in a tab", async () => {
    const page = await aPage(callUrl(TROUBLED, "?t=50"), { viewport: { width: 360, height: 740 } });
    await expect.poll(() => currentTurn(page)).toContain("will call you before six");
    await expect.poll(async () => (await page.locator(".turn.now").boundingBox())?.y).toBeLessThan(650);
    expect(await page.getByRole("button", { name: "Play", exact: true }).isVisible()).toBe(true);
    await page.getByRole("tab", { name: "Facts" }).click();
    await expect.poll(() => page.getByRole("heading", { name: "Collected" }).count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("tab")).toBe("facts");
    expect(await page.getByRole("region", { name: "Transcript" }).count()).toBe(0);
  });

  test.each(FORMS)(IN_EVERY_FORM, async (form) => {
    const page = await aPage(callUrl(TROUBLED), form);
    await ready(page);
    await page.keyboard.press("e");
    if (form.width > 900) await page.locator(".proof summary").click();
    await expectAccessible(page);
  });
});

const AUDIO = 'document.querySelector("audio")';

function audioTime(page: Page): Promise<number> {
  return page.evaluate(`${AUDIO}?.currentTime ?? -1`);
}

/** Returns when the recording can be heard and its loudness was read. */
async function ready(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(`${AUDIO}?.readyState ?? 0`)).toBeGreaterThan(0);
  await expect.poll(() => page.locator(".tl.heard").count()).toBe(1);
}

async function position(page: Page): Promise<number> {
  return Number(await page.getByRole("slider").getAttribute("aria-valuenow"));
}

async function currentTurn(page: Page): Promise<string> {
  return (await page.locator('.turn[aria-current="true"]').allTextContents()).join();
}

interface Ink {
  readonly above: boolean;
  readonly below: boolean;
}

/** Whether the drawn waveform has a bar above and below the line, between two shares of its width. */
function inkBetween(page: Page, from: number, to: number): Promise<Ink> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector(".wave > div").shadowRoot.querySelector(".canvases canvas");
    const half = canvas.height / 2;
    const [x, width] = [${from}, ${to - from}].map((share) => Math.round(share * canvas.width));
    const isInked = (y) => canvas.getContext("2d").getImageData(x, y, width, half - 1).data.some((value) => value > 0);
    return { above: isInked(0), below: isInked(half + 1) };
  })()`);
}
