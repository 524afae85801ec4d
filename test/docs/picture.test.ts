import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { PICTURE } from "../../infrastructure/picture/demo-picture.client.ts";
import { terminalPicture } from "../../infrastructure/picture/terminal-picture.ts";

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
