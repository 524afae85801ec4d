import { existsSync } from "node:fs";

/** Where systems install a Chromium. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of a Chromium: the value of CHROMIUM, or where systems install it. `undefined` if there is none. */
export function chromiumPath(): string | undefined {
  return [process.env["CHROMIUM"], ...PLACES].find((place) => place !== undefined && existsSync(place));
}
