import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { demoPicture, PICTURE } from "../../infrastructure/picture/demo-picture.client.ts";
import { terminalPicture } from "../../infrastructure/picture/terminal-picture.ts";

/** The picture without the parts that differ between runs: days, times and the port. */
function timeless(svg: string): string {
  return svg
    .replaceAll(/\d{4}-\d\d-\d\d/g, "DAY")
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3}Z/g, "TIME")
    .replace(/(textLength="[\d.]+")(.*http:\/\/127\.0\.0\.1:)\d+/, "LENGTH$2PORT");
}

test("the README's picture shows the demo's output: `npm run picture` draws it", async () => {
  const [committed, drawn] = await Promise.all([readFile(PICTURE, "utf8"), demoPicture()]);
  expect(timeless(committed)).toBe(timeless(drawn));
  expect(committed).toContain("npm run demo");
});

test("the picture keeps each line's column, and escapes markup", () => {
  const svg = terminalPicture([{ text: "  a < b & c", look: "plain" }], 20, 'a "title"');
  expect(svg).toContain('x="30.8"');
  expect(svg).toContain(">a &lt; b &amp; c</text>");
  expect(svg).toContain("<title>a &quot;title&quot;</title>");
});

test("the picture loads nothing, because an image must not", async () => {
  const svg = await readFile(PICTURE, "utf8");
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/\b(href|url\(|@import|<script|<image)/);
});
