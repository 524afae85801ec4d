#!/usr/bin/env node
"use strict";

// The program `call-archive`. The commands are TypeScript. Node runs TypeScript from version 24 on, but not below
// node_modules. This file is plain JavaScript, so that other cases print one line instead of a stack trace.
const { sep } = require("node:path");

const OLDEST = 24;

function problem() {
  if (__dirname.includes(`${sep}node_modules${sep}`)) {
    return "call-archive runs from a clone of its repository, not as a dependency: Node.js runs no TypeScript below node_modules";
  }
  if (Number(process.versions.node.split(".")[0]) < OLDEST) {
    return `call-archive needs Node.js ${OLDEST}, and this is ${process.versions.node}: run \`npm ci\` and then \`npx call-archive\` in its folder`;
  }
}

const found = problem();
if (found) {
  console.error(found);
  process.exitCode = 1;
} else {
  void import("../commands/call-archive.cli.ts");
}
