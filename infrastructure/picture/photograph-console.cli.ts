import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath } from "./chromium.client.ts";
import { aWorkshop } from "./workshop.client.ts";

// `npm run screenshots` runs this. It takes the pictures of the console in README and docs.

const IMAGES = join(import.meta.dirname, "../../docs/images");

/** The call that shows most: failed tools, interruptions, a long silence. */
const CALL = "Refund status could not be checked";

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
}

const executablePath = chromiumPath();
if (executablePath === undefined) {
  console.error(
    "There is no Chromium. Install one, for example with apt-get install chromium, or set CHROMIUM to its path.",
  );
  process.exit(1);
}
const folder = await mkdtemp(join(tmpdir(), "workshop-"));
const archive = await aWorkshop(folder, new Date());
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  await mkdir(IMAGES, { recursive: true });
  const found = await fetch(`${archive.url}/api/v1/calls?outcome=failure&has_recording=true&limit=500`);
  const { items } = (await found.json()) as { readonly items: readonly { conversation_id: string; title: string }[] };
  const id = items.find(({ title }) => title === CALL)?.conversation_id ?? "";
  const shots: readonly Shot[] = [
    { name: "overview", path: "/" },
    { name: "overview-dark", path: "/", theme: "dark" },
    { name: "calls", path: `/calls?sel=${id}` },
    { name: "call", path: `/calls/${id}?t=36` },
    { name: "call-dark", path: `/calls/${id}?t=36`, theme: "dark" },
    { name: "call-phone", path: `/calls/${id}?t=29`, width: 360, height: 740 },
    { name: "search", path: "/search?phrase=refund" },
    { name: "ask", path: "/ask/slow-turns" },
    { name: "archive", path: "/archive" },
  ];
  for (const { name, path, width = 1440, height = 900, theme = "light" } of shots) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
    await page.goto(`${archive.url}${path}`);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  await archive.close();
  await rm(folder, { recursive: true, force: true });
}
