import { beforeAll, expect, test } from "vitest";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { aDemoArchive, aPage, describeBrowser } from "./browser.ts";

/** The most JavaScript of the first view, compressed, in bytes. */
const MOST_SCRIPT = 150_000;

describeBrowser("the first view", () => {
  let archive: RunningArchive;
  beforeAll(async () => {
    archive = await aDemoArchive();
  });

  test("has at most 150 kB of JavaScript, and loads no chunk of another view", async () => {
    const page = await aPage(archive.url);
    await page.locator(".kpi").first().waitFor();
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.endsWith(".js"))
        .map((entry) => ({
          name: entry.name,
          bytes: (entry as unknown as { encodedBodySize: number }).encodedBodySize,
        })),
    );
    const total = scripts.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThanOrEqual(MOST_SCRIPT);
    expect(scripts.filter(({ name }) => /wavesurfer|editor|call|search|ask|archive/.test(name))).toEqual([]);
  });

  test("refuses a script of another origin and a page that frames it", async () => {
    const { headers } = await fetch(archive.url);
    const policy = headers.get("content-security-policy") ?? "";
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(part);
    expect(policy).not.toContain("unsafe");
    const page = await aPage(archive.url, { expected: /Content Security Policy/ });
    await page.evaluate(
      `const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.body.append(s)`,
    );
    expect(await page.evaluate("window.ran")).toBeUndefined();
  });
});
