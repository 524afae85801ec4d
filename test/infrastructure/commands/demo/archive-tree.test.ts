import { expect, test } from "vitest";
import { archiveTree } from "../../../../infrastructure/commands/demo/archive-tree.ts";

test("draws folders with their files and sizes, and each internal folder in one line", () => {
  const leaves = [
    { key: "1612/conv_1.json", size: 999 },
    { key: "1612/conv_1.mp3", size: 1_000 },
    { key: "_audio/conv_1.json", size: 1_500_000 },
    { key: "_index/conv_1", size: 1 },
    { key: "_index/conv_2", size: 2 },
    { key: "anonymous/conv_2.failure.json", size: 999_949 },
  ];
  expect(archiveTree(leaves).split("\n")).toEqual([
    "1612/",
    "├── conv_1.json             999 B",
    "└── conv_1.mp3             1.0 kB",
    "anonymous/",
    "└── conv_2.failure.json  999.9 kB",
    "_audio/  (1 object, 1.5 MB)",
    "_index/  (2 objects, 3 B)",
  ]);
});

test("draws nothing for an empty archive", () => {
  expect(archiveTree([])).toBe("");
});
