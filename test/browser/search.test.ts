import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { aTranscription, metadataWith, transcriptOf } from "../support/fixtures/events.ts";
import { aDemoArchive, aPage, describeBrowser, expectAccessible, FORMS, IN_EVERY_FORM } from "./browser.ts";

const LONG = `${"a long story, ".repeat(70_000)}and then the needle. ${"It went on. ".repeat(1_000)}`;
const HOSTILE = aTranscription({
  conversation_id: "conv_hostile",
  metadata: metadataWith({ start_time_unix_secs: Math.floor(Date.now() / 1000) - 3_600 }),
  analysis: { call_successful: "failure", call_summary_title: "<img src=x onerror=alert(1)>" },
  transcript: transcriptOf(
    "<script>alert('x')</script> 100%_'\\ sure \u001b[31mred\u001b[0m",
    "أريد استرداد الأموال",
    "Family 👨‍👩‍👧 in İSTANBUL with ΣΊΣΥΦΟΣ",
    LONG,
  ),
});

const hits = (page: Page) => page.getByRole("link", { name: /^\d+:\d\d (Agent|Caller)/ });
const highlighted = (page: Page) => page.locator(".said").allTextContents();
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const focused = (page: Page) => page.evaluate<string>("document.activeElement?.textContent ?? ''");

describeBrowser("the search", () => {
  let archive: RunningArchive;
  beforeAll(async () => {
    archive = await aDemoArchive([HOSTILE]);
  });
  const search = (phrase: string, more = "") => `${archive.url}/search?${new URLSearchParams({ phrase })}${more}`;

  test("goes by keyboard from / to the call at the turn, which plays, and back to the hit", async () => {
    const page = await aPage(`${archive.url}/calls`);
    await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(5);
    await page.keyboard.press("/");
    await expect.poll(() => page.evaluate("document.activeElement?.id")).toBe("phrase");
    await page.keyboard.type("REFUND");
    expect(parameter(page, "phrase")).toBeNull();
    await page.keyboard.press("Enter");
    await expect.poll(() => hits(page).count()).toBe(9);
    expect(await page.getByRole("heading", { name: "9 hits in 5 calls" }).count()).toBe(1);
    expect((await highlighted(page)).map((word) => word.toLowerCase())).toEqual(Array(9).fill("refund"));
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    await expect.poll(() => focused(page)).toContain("It is, but good news");
    const hit = parameter(page, "sel")?.split(":") ?? [];
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/calls/${hit[0]}`);
    expect([parameter(page, "turn"), parameter(page, "play")]).toEqual([hit[1], "1"]);
    await page.goBack();
    await expect.poll(() => focused(page)).toContain("It is, but good news");
    await page.keyboard.press("/");
    expect(await page.evaluate("getSelection()?.toString()")).toBe("REFUND");
  });

  test("has its speaker, agent and days in the address, for a colleague", async () => {
    const page = await aPage(search("refund"));
    await expect.poll(() => hits(page).count()).toBe(9);
    await page.getByRole("button", { name: "Caller", exact: true }).click();
    await expect.poll(() => hits(page).count()).toBe(6);
    await page.getByLabel("Agent", { exact: true }).selectOption({ label: "Larkspoke Service Desk" });
    await expect.poll(() => hits(page).count()).toBe(6);
    const colleague = await aPage(page.url());
    await expect.poll(() => hits(colleague).count()).toBe(6);
    expect([parameter(colleague, "speaker"), parameter(colleague, "agent")]).toEqual([
      "user",
      expect.stringMatching(/^agent_/),
    ]);
    await colleague.getByLabel("Agent", { exact: true }).selectOption({ label: "Larkspoke Chat" });
    await expect.poll(() => colleague.getByRole("heading", { name: "No hit" }).count()).toBe(1);
    await colleague.getByRole("button", { name: "Search anyone and all agents" }).click();
    await expect.poll(() => hits(colleague).count()).toBe(9);
  });

  test.each([
    ["%_'\\", "%_'\\"],
    ["استرداد", "استرداد"],
    ["👨", "👨‍👩‍👧"],
    ["istanbul", "İSTANBUL"],
    ["σίσυφοσ", "ΣΊΣΥΦΟΣ"],
    ["<script>", "<script>"],
    ["the needle", "the needle"],
  ])("finds and highlights %s", async (phrase, word) => {
    const page = await aPage(search(phrase));
    await expect.poll(() => hits(page).count()).toBe(1);
    expect(await highlighted(page)).toEqual([word]);
  });

  test("shows what was said as text, and a part of a very long entry", async () => {
    const page = await aPage(search("needle"));
    await expect.poll(() => hits(page).count()).toBe(1);
    expect(await page.getByRole("link", { name: "<img src=x onerror=alert(1)>" }).count()).toBe(1);
    expect((await hits(page).textContent())?.length).toBeLessThan(700);
    expect(await page.locator("#main script, #main img").count()).toBe(0);
  });

  test("asks for the next page when the button is pressed", async () => {
    const page = await aPage(search("a"));
    await expect.poll(() => hits(page).count()).toBe(50);
    await page.getByRole("heading", { name: /^The latest 50 hits/ }).waitFor();
    await page.getByRole("button", { name: "Search earlier calls" }).click();
    await expect.poll(() => hits(page).count()).toBe(100);
    const seen = await hits(page).evaluateAll((links) => links.map((link) => link.getAttribute("data-hit")));
    expect(new Set(seen).size).toBe(100);
  });

  test("refuses an empty phrase and one that is too long, without a request", async () => {
    const page = await aPage(`${archive.url}/search`);
    const requests: string[] = [];
    page.on("request", (request) => request.url().includes("/api/v1/search") && requests.push(request.url()));
    const field = page.getByLabel("Phrase");
    await expect.poll(() => page.evaluate("document.activeElement?.id")).toBe("phrase");
    await field.fill("   ");
    await field.press("Enter");
    await page.getByRole("heading", { name: "Type what was said" }).waitFor();
    await field.fill("é".repeat(501));
    await field.press("Enter");
    await page.getByRole("alert").getByText("500 characters, and this one has 501").waitFor();
    expect(requests).toEqual([]);
    await field.fill("é".repeat(500));
    await field.press("Enter");
    await page.getByRole("heading", { name: "No hit" }).waitFor();
    expect(requests).toHaveLength(1);
  });

  test.each(FORMS)(IN_EVERY_FORM, async (form) => {
    const page = await aPage(search("refund"), form);
    await expect.poll(() => hits(page).count()).toBe(9);
    await expectAccessible(page);
  });
});
