import { beforeAll, expect, test } from "vitest";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { aDemoArchive, aPage, describeBrowser, expectAccessible, FORMS, IN_EVERY_FORM } from "./browser.ts";

describeBrowser("the list of calls", () => {
  let archive: RunningArchive;
  beforeAll(async () => {
    archive = await aDemoArchive();
  });

  test("selects by facets, and keeps the selection in the address", async () => {
    const page = await aPage(`${archive.url}/calls`);
    await expect.poll(() => page.getByRole("row").count()).toBe(15);
    await page.getByRole("button", { name: "Failed", exact: false }).first().click();
    await expect.poll(() => page.getByRole("row").count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("outcome")).toBe("failure");
    const title = "Refund status could not be checked";
    await expect.poll(() => page.getByRole("row", { selected: true }).textContent()).toContain(title);

    const colleague = await aPage(page.url());
    await expect.poll(() => colleague.getByRole("row").count()).toBe(1);
    await colleague.getByRole("button", { name: "Remove the filter Outcome: Failed" }).click();
    await expect.poll(() => colleague.getByRole("row").count()).toBe(15);
    await colleague.goBack();
    await expect.poll(() => colleague.getByRole("row").count()).toBe(1);
  });

  test("moves through the list by keyboard, with a preview, and opens a call", async () => {
    const page = await aPage(`${archive.url}/calls`);
    const preview = page.getByRole("complementary", { name: "Preview" });
    await expect.poll(() => preview.getByRole("heading").first().textContent()).toBe("Refund arrived, new booking");
    for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
    await expect.poll(() => preview.getByRole("heading").first().textContent()).toBe("The connection broke off");
    await page.keyboard.press("p");
    expect(await preview.count()).toBe(0);
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/calls\/conv_/);
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/calls");
  });

  test("goes to another view by two keys that a busy page gets at once", async () => {
    const page = await aPage(`${archive.url}/calls`);
    await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(5);
    await page.evaluate(
      `for (const key of ["g", "a"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))`,
    );
    await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/ask/);
  });

  test("sorts by length, and shows chosen columns", async () => {
    const page = await aPage(`${archive.url}/calls`);
    await page.getByRole("button", { name: "Sort by Length" }).click();
    await expect.poll(() => page.getByRole("row").first().textContent()).toContain("3:42");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByLabel("Language").check();
    await expect.poll(() => new URL(page.url()).searchParams.get("cols")).toContain("language");
    expect(await page.getByRole("row").first().textContent()).toContain("en");
  });

  test("an impossible filter shows the problem and what to do", async () => {
    const page = await aPage(`${archive.url}/calls?from=2026-13-01`, { expected: /status of 400/ });
    const alert = page.getByRole("alert").first();
    await expect.poll(() => alert.textContent()).toMatch(/from.*Try again/s);
  });

  test.each(FORMS)(IN_EVERY_FORM, async (form) => {
    const page = await aPage(`${archive.url}/calls`, form);
    await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(5);
    await expectAccessible(page);
  });
});
