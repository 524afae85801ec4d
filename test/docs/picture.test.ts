import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { demoPicture, PICTURE } from "../../infrastructure/picture/demo-picture.client.ts";
import { terminalPicture } from "../../infrastructure/picture/terminal-picture.ts";

/** Without what differs from run to run: days, times and the port. */
function timeless(svg: string): string {
  return svg
    .replaceAll(/\d{4}-\d\d-\d\d/g, "DAY")
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3}Z/g, "TIME")
    .replace(/(textLength="[\d.]+")(.*http:\/\/127\.0\.0\.1:)\d+/, "LENGTH$2PORT");
}

test("the README's picture is what the demo prints: `npm run picture` draws it again", async () => {
  const [committed, drawn] = await Promise.all([readFile(PICTURE, "utf8"), demoPicture()]);
  expect(timeless(committed)).toBe(timeless(drawn));
  expect(committed).toContain("npm run demo");
});

test("the picture keeps each line's column and escapes what SVG would read as markup", () => {
  const svg = terminalPicture([{ text: "  a < b & c", look: "plain" }], 20, 'says "so"');
  expect(svg).toContain('x="30.8"');
  expect(svg).toContain(">a &lt; b &amp; c</text>");
  expect(svg).toContain("<title>says &quot;so&quot;</title>");
});

test("the picture loads nothing, since an image may not", async () => {
  const svg = await readFile(PICTURE, "utf8");
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/\b(href|url\(|@import|<script|<image)/);
});
