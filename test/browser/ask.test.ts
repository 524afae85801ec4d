import { beforeAll, expect, test } from "vitest";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { aDemoArchive, aPage, describeBrowser, expectAccessible, FORMS, IN_EVERY_FORM } from "./browser.ts";

/** An address of the editor with a statement. */
const withSql = (sql: string) => `/ask/sql#${encodeURIComponent(sql)}`;

describeBrowser("saved questions", () => {
  let archive: RunningArchive;
  beforeAll(async () => {
    archive = await aDemoArchive();
  });

  test("one is found, asked with other values, and its address restores it", async () => {
    const page = await aPage(`${archive.url}/ask`);
    await page.getByRole("searchbox", { name: "Find a question" }).fill("quality wait model");
    await expect
      .poll(() => page.getByRole("navigation", { name: "Saved questions" }).locator(".scroll a").count())
      .toBe(1);
    await page.getByRole("link", { name: /slow-turns/ }).click();
    await expect.poll(() => page.getByRole("table").count()).toBe(1);
    // The list is not changed by a click on one of its questions.
    expect(await page.getByRole("searchbox", { name: "Find a question" }).inputValue()).toBe("quality wait model");
    await page.getByLabel("from", { exact: false }).fill("2 days ago");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("/ask/slow-turns?from=2+days+ago");
    const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    await expect.poll(() => page.locator("pre.sql .sql-value").first().textContent()).toBe(`'${day}'`);
    const rows = await page.locator("#as-rows").textContent();

    const colleague = await aPage(page.url());
    await expect.poll(() => colleague.locator("#as-rows").textContent()).toBe(rows);
    expect(await colleague.getByLabel("from").inputValue()).toBe("2 days ago");
    await page.goBack();
    await expect.poll(() => page.getByLabel("from").inputValue()).toBe("30 days ago");
  });

  test("the answer is sorted by its heads, and leads to calls", async () => {
    const page = await aPage(`${archive.url}/ask/cost`);
    const credits = () =>
      page
        .getByRole("row")
        .evaluateAll((rows) => rows.slice(1).map((row) => Number(row.querySelectorAll("td")[5]?.textContent)));
    await expect.poll(async () => (await credits()).length).toBeGreaterThan(3);
    const given = await credits();
    await page.getByTitle("Sort by credits", { exact: true }).click();
    await expect.poll(credits).toEqual(given.toSorted((one, other) => other - one));
    expect(await page.getByRole("columnheader", { name: "credits", exact: true }).getAttribute("aria-sort")).toBe(
      "descending",
    );
    await page.getByTitle("Sort by credits", { exact: true }).click();
    await expect.poll(credits).toEqual(given.toSorted((one, other) => one - other));
    expect(new URL(page.url()).searchParams.get("_sort")).toBe("credits");
    await page.locator("td a.to").first().click();
    await expect.poll(() => page.url()).toMatch(/\/calls\?agent=agent_\w+&from=\d{4}-\d\d-\d\d&to=/);
  });

  test("the chart has a title for each bar, and draws another column", async () => {
    const page = await aPage(`${archive.url}/ask/busy-hours`);
    await expect.poll(() => page.locator(".panels > *").count()).toBeGreaterThan(3);
    expect(await page.locator(".panels .col title").first().textContent()).toMatch(/^\w+day · \d+: 1$/);
    await page.getByRole("combobox", { name: "Drawn value" }).selectOption("average_secs");
    await expect.poll(() => new URL(page.url()).searchParams.get("_draw")).toBe("average_secs");
    await expect.poll(() => page.locator("#as-chart").textContent()).toBe("average_secs by hour");
  });

  test("the CSV has the rows of the answer", async () => {
    const page = await aPage(`${archive.url}/ask/cost?from=2026-01-01`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("cost.csv");
    const csv = await (await fetch(download.url())).text();
    expect(csv.split("\r\n")[0]).toMatch(/^agent_id,agent_name,calls,/);
    expect(download.url()).toContain("from=2026-01-01");
  });

  test("a value that is not valid, and one that is missing, show what to do", async () => {
    const page = await aPage(`${archive.url}/ask/cost?from=tomorrow`, { expected: /status of 400/ });
    await expect.poll(() => page.getByRole("alert").textContent()).toMatch(/"tomorrow" is not a value for "from"/);
    await page.goto(`${archive.url}/ask/find-phrase`);
    await expect.poll(() => page.getByRole("heading", { name: /needs a value for phrase/ }).count()).toBe(1);
    await page.getByLabel("phrase").fill("refund");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("#as-rows").textContent()).toMatch(/^\d+ rows$/);
    await page.getByRole("button", { name: "Row 2 in full" }).click();
    await expect.poll(() => page.getByRole("region", { name: "Row 2" }).textContent()).toMatch(/message.{50}/s);
    await page.locator('td a[href^="/calls/conv_"]').first().click();
    await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/calls\/conv_/);
  });

  test.each(FORMS)(IN_EVERY_FORM, async (form) => {
    const page = await aPage(`${archive.url}/ask/slow-turns`, form);
    await expect.poll(() => page.getByRole("table").count()).toBe(1);
    await expectAccessible(page);
    await page.goto(`${archive.url}/ask/sql`);
    await expect.poll(() => page.locator(".cm-content").count()).toBe(1);
    await expectAccessible(page);
  });
});

describeBrowser("own SQL", () => {
  let archive: RunningArchive;
  beforeAll(async () => {
    archive = await aDemoArchive();
  });

  test("a copy of a question runs, with its values in place", async () => {
    const page = await aPage(`${archive.url}/ask/cost?from=2026-01-01`);
    await page.getByRole("link", { name: "Edit a copy" }).click();
    await expect.poll(() => page.locator(".cm-content").textContent()).toContain("'2026-01-01'");
    await page.getByRole("button", { name: /Run/ }).click();
    await expect.poll(() => page.locator("#as-rows").textContent()).toBe("5 rows");
  });

  test("a SELECT is written with offered names, run by keyboard, and is in the address", async () => {
    const page = await aPage(`${archive.url}${withSql("select \nfrom turns\nlimit 3")}`);
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("End");
    await page.keyboard.type("conversation_id, ttf_sen");
    await page.getByRole("option", { name: /ttf_sentence_secs/ }).click();
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => page.locator("#as-rows").textContent()).toBe("3 rows");
    expect(await page.getByRole("columnheader").allTextContents()).toEqual(["conversation_id", "ttf_sentence_secs"]);
    const colleague = await aPage(page.url());
    await expect.poll(() => colleague.locator(".cm-content").textContent()).toContain("ttf_sentence_secs");
    // A statement of another person is not run before its reader asks for it.
    expect(await colleague.locator("#as-rows").count()).toBe(0);
  });

  test.each([
    ["select * from read_csv('/etc/passwd')", "read_csv"],
    ["select * from '/etc/passwd'", "/etc/passwd"],
    ["copy turns to 'x.csv'", undefined],
    ["select 1; drop view turns", undefined],
    ["select current_setting('threads')", "current_setting"],
    ["select\n  mesage\nfrom turns", "mesage"],
  ])("%s is refused, with the reason underlined", async (sql, underlined) => {
    const page = await aPage(`${archive.url}${withSql(sql)}`, { expected: /status of 400/ });
    await page.getByRole("button", { name: /Run/ }).click();
    await expect.poll(() => page.getByRole("alert").count()).toBe(1);
    const found = await page.locator(".at-fault").allTextContents();
    if (underlined !== undefined) expect(found).toEqual([underlined]);
    expect(await page.getByRole("table").count()).toBe(0);
  });

  test("10,000 rows scroll, and more are said to be cut", async () => {
    const page = await aPage(
      `${archive.url}${withSql("select x, x * 2 as y from unnest(sequence(1, 20000)) as t (x)")}`,
    );
    await page.getByRole("button", { name: /Run/ }).click();
    await expect.poll(() => page.locator("#as-rows").textContent()).toBe("10,000 rows");
    expect(await page.getByText("There are more rows").count()).toBe(1);
    expect(await page.getByRole("row").count()).toBeLessThan(80);
    await page.locator(".tw").evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect.poll(() => page.getByRole("cell", { name: "20000", exact: true }).count()).toBe(1);
  });

  test("a long statement is stopped by its button", async () => {
    const endless = "with recursive r (x) as (select 1 union all select x + 1 from r) select max(x) from r";
    const page = await aPage(`${archive.url}${withSql(endless)}`);
    await page.getByRole("button", { name: /Run/ }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await expect.poll(() => page.getByRole("button", { name: /Run/ }).count()).toBe(1);
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("select 7 as seven");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => page.getByRole("columnheader").allTextContents()).toEqual(["seven"]);
  });
});
