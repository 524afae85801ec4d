import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AxeResults, RunOptions } from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, describe, expect, inject, onTestFinished } from "vitest";
import { type RunningArchive, startArchive } from "../../infrastructure/local/running-archive.ts";
import { settingsFrom } from "../../infrastructure/local/settings.ts";
import { sampleDeliveries } from "../../infrastructure/samples/deliveries.ts";
import { SHOWCASE_COUNT, sampleCalls } from "../../infrastructure/samples/sample-calls.ts";
import { post, SECRET } from "../support/fixtures/local.ts";

const PROGRAM = inject("chromium");

/** `describe` for tests that need a browser. They are skipped without one; the setup prints why. */
export const describeBrowser = describe.skipIf(PROGRAM === undefined);

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_OPTIONS: RunOptions = {
  // It would copy the styles of shadow roots into the page, against its Content-Security-Policy, and load recordings.
  preload: false,
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

let launching: Promise<Browser> | undefined;
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

/**
 * Starts an archive with the calls of the demo and of `bodies`, all processed. For `beforeAll`; it is closed after the
 * tests of the file.
 */
export async function aDemoArchive(
  bodies: readonly (string | Buffer)[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningArchive> {
  const folder = await mkdtemp(join(tmpdir(), "console-"));
  const settings = settingsFrom({ ARCHIVE_DIR: folder, PORT: "0", ELEVENLABS_WEBHOOK_SECRET: SECRET, ...env });
  const archive = await startArchive(settings, () => {});
  closing.push(() => archive.close());
  const calls = sampleCalls({ count: SHOWCASE_COUNT, seed: 1, until: lastNoon() });
  for (const body of [...sampleDeliveries(calls).map((delivery) => delivery.body), ...bodies]) {
    await post(archive.url, body);
  }
  await archive.queue.idle();
  return archive;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The last noon in UTC. So the calls have the same order and the same days at every time of the day. */
function lastNoon(): Date {
  return new Date(Math.floor(Date.now() / DAY_MS - 0.5) * DAY_MS + DAY_MS / 2);
}

interface PageOptions extends BrowserContextOptions {
  /** Problems that the test causes on purpose. */
  readonly expected?: RegExp;
}

/**
 * A page of the console at `url`, 1440 by 900 pixels in the light theme unless `options` state otherwise.
 *
 * After the test, it must have shown no error in the browser's console (a violation of the Content-Security-Policy is
 * one) and sent no request to another host. With `args`, it is in a separate browser that is started with them.
 */
export async function aPage(url: string, options: PageOptions = {}, args: readonly string[] = []): Promise<Page> {
  launching ??= launch([]);
  const browser = await (args.length > 0 ? launch(args) : launching);
  const { expected, ...ofContext } = options;
  const usual = { viewport: { width: 1440, height: 900 }, colorScheme: "light" } as const;
  const context = await browser.newContext({ ...usual, ...ofContext });
  const page = await context.newPage();
  const origin = url === "about:blank" ? "http://" : new URL(url).origin;
  const problems: string[] = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => isLocal(request.url(), origin) || problems.push(`requested ${request.url()}`));
  onTestFinished(async () => {
    await context.close();
    expect(problems.filter((problem) => !expected?.test(problem))).toEqual([]);
  });
  await page.goto(url);
  return page;
}

async function launch(args: readonly string[]): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: PROGRAM ?? "", args: ["--no-sandbox", ...args] });
  closing.push(() => browser.close());
  return browser;
}

function isLocal(url: string, origin: string): boolean {
  return url.startsWith(origin) || url.startsWith("blob:") || url.startsWith("data:");
}

/** What axe finds on a page: `impact rule (elements) first element`. */
export async function axeFindings(page: Page): Promise<string[]> {
  // The page's Content-Security-Policy refuses a script that is added. An evaluated one is not of the page.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (settings) => (globalThis as unknown as { axe: Axe }).axe.run(settings),
    AXE_OPTIONS,
  );
  return violations.map(({ impact, id, nodes }) => `${impact} ${id} (${nodes.length}) ${nodes[0]?.target.join(" ")}`);
}

/** The widths and themes in which every view is looked at. Each is an option of a page, too. */
export const FORMS = (["light", "dark"] as const).flatMap((colorScheme) =>
  [360, 1024, 1440].map((width) => ({ colorScheme, width, viewport: { width, height: 800 } })),
);

/** The title of a test for each of `FORMS`. */
export const IN_EVERY_FORM = "axe finds nothing at $width px, $colorScheme";

/** Expects that axe finds nothing, and that the page does not scroll sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await axeFindings(page)).toEqual([]);
  const width = page.viewportSize()?.width ?? 0;
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
}

interface Axe {
  run(options: RunOptions): Promise<AxeResults>;
}
