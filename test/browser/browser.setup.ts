import { existsSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { builtConsole } from "../../infrastructure/local/console-build.client.ts";
import temporaryFolder from "../support/temporary-folder.setup.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The program of a Chromium; `undefined` if there is none. */
    chromium: string | undefined;
  }
}

/** Where systems install a Chromium. The variable CHROMIUM names another place. */
const PLACES = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Finds a browser, and builds the console, so that no test waits for it. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const chromium = PLACES.find((place) => place !== undefined && existsSync(place));
  if (chromium === undefined) {
    const advice = "Install Chromium (for example apt-get install chromium), or set CHROMIUM to its path.";
    process.stderr.write(`\n  SKIPPED: the browser suite, since there is no Chromium. ${advice}\n\n`);
  } else await builtConsole();
  provide("chromium", chromium);
  return temporaryFolder();
}
