import { beforeAll, expect, test } from "vitest";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { aDemoArchive, aPage, describeBrowser, expectAccessible, FORMS, IN_EVERY_FORM } from "./browser.ts";

describeBrowser("the overview", () => {
  let archive: RunningArchive;
  beforeAll(async () => {
    archive = await aDemoArchive();
  });

  test("states the numbers of the read API, and leads to their calls and queries", async () => {
    const page = await aPage(archive.url);
    const calls = page.locator(".kpi", { hasText: "Calls" }).first();
    await expect.poll(() => calls.locator(".v").textContent()).toBe("13");
    await expect
      .poll(() => page.locator(".kpi", { hasText: "Succeeded" }).locator(".v").textContent())
      .toMatch(/^90\.9/);
    expect(await calls.getByRole("link").getAttribute("href")).toMatch(/^\/ask\/calls-per-day\?from=/);
    await page
      .getByRole("link", { name: /: 4 calls: 3 succeeded, 1 no call|: 4 calls/ })
      .first()
      .click();
    await expect.poll(() => page.getByRole("row").count()).toBe(4);
    await page.goBack();
    await page.getByRole("link", { name: "issue_resolved" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("failed_criterion")).toBe("issue_resolved");
    await expect.poll(() => page.getByRole("row").count()).toBe(1);
  });

  test("is restricted to an agent and a range by its address", async () => {
    const page = await aPage(archive.url);
    await page.getByRole("combobox", { name: "Agent" }).selectOption({ label: "Larkspoke Chat" });
    const calls = page.locator(".kpi", { hasText: "Calls" }).first().locator(".v");
    await expect.poll(() => calls.textContent()).toBe("2");
    await page.getByRole("button", { name: "13 weeks" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("weeks")).toBe("13");
    const colleague = await aPage(page.url());
    await expect.poll(() => colleague.locator(".kpi .v").first().textContent()).toBe("2");
  });

  test("the theme follows the system until the switch is used", async () => {
    const page = await aPage(archive.url, { colorScheme: "dark" });
    const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await background()).toBe("rgb(17, 20, 21)");
    await page.getByRole("button", { name: "Use the light theme" }).click();
    expect(await background()).toBe("rgb(255, 255, 255)");
    await page.reload();
    await expect.poll(background).toBe("rgb(255, 255, 255)");
  });

  test("? lists the keys, and Escape closes the list", async () => {
    const page = await aPage(archive.url);
    await page.locator(".kpi").first().waitFor();
    await page.keyboard.press("?");
    await expect.poll(() => page.getByRole("dialog").textContent()).toContain("Copy link to this moment");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  });

  test("an unknown path of the console is a 404 of the archive, and another view is named", async () => {
    expect((await fetch(`${archive.url}/etc/passwd`)).status).toBe(404);
    const page = await aPage(`${archive.url}/calls/conv_that_does_not_exist`, { expected: /status of 404/ });
    await expect.poll(() => page.getByRole("alert").textContent()).toMatch(/no such call|There is no/i);
  });

  test.each(FORMS)(IN_EVERY_FORM, async (form) => {
    const page = await aPage(archive.url, form);
    await page.locator(".agents tbody tr").first().waitFor();
    await expectAccessible(page);
  });
});
