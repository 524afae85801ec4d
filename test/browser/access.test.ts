import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { RunningArchive } from "../../infrastructure/local/running-archive.ts";
import { aDemoArchive, aPage, describeBrowser } from "./browser.ts";

/** A web page of another origin, on another port of this machine. */
async function anotherOrigin(): Promise<string> {
  const server = createServer((_, response) =>
    response.setHeader("content-type", "text/html").end("<title>other</title>"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What a page gets when it requests `url`: a status, or that the browser refused to show it the response. */
function requested(url: string): string {
  return `fetch(${JSON.stringify(url)}).then((response) => response.status, () => "refused by the browser")`;
}

describeBrowser("access from a browser", () => {
  let archive: RunningArchive;
  beforeAll(async () => {
    archive = await aDemoArchive();
  });

  test("a page of another origin cannot read, or show the console in a frame", async () => {
    const expected = /CORS|Failed to load|ERR_|requested|frame|Refused/i;
    const page = await aPage(await anotherOrigin(), { expected });
    expect(await page.evaluate(requested(`${archive.url}/api/v1/calls`))).toBe("refused by the browser");
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement("iframe"), { src: "${archive.url}/" }))`,
    );
    await expect.poll(() => page.frames().length).toBe(2);
    expect(await page.frames()[1]?.locator(".top").count()).toBe(0);
  });

  test("a name that another site points at this machine is refused", async () => {
    const { port } = new URL(archive.url);
    // As after DNS rebinding: the browser connects to this machine, and states the name of the other site.
    const evil = `http://evil.example:${port}`;
    const page = await aPage("about:blank", { expected: /status of 403/ }, [
      "--host-resolver-rules=MAP evil.example 127.0.0.1",
    ]);
    for (const path of ["/", "/api/v1/calls", "/calls", "/assets/index.js"]) {
      const response = await page.goto(evil + path);
      expect([path, response?.status()]).toEqual([path, 403]);
    }
  });

  test("beyond loopback, the page works only with the token of its address", async () => {
    const open = await aDemoArchive([], { HOST: "0.0.0.0" });
    const url = open.url.replace("0.0.0.0", "127.0.0.1");
    const without = await aPage(url, { expected: /status of 401/ });
    expect(await without.evaluate(requested("/api/v1/calls"))).toBe(401);
    await expect.poll(() => without.getByRole("alert").first().textContent()).toContain("token");

    const page = await aPage(open.consoleUrl.replace("0.0.0.0", "127.0.0.1"));
    await expect.poll(() => page.locator(".kpi .v").first().textContent()).toBe("13");
    // It stays valid in this tab without being in its address, which people copy.
    expect(page.url()).not.toContain("token");
    await page.getByRole("link", { name: "Calls", exact: true }).first().click();
    await expect.poll(() => page.getByRole("row").count()).toBe(15);
  });
});
