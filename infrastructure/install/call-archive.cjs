#!/usr/bin/env node
"use strict";

// The program `call-archive`. The commands are TypeScript, which Node runs from version 24 on, and not below
// node_modules. This file is plain JavaScript, so that anything else gets one line instead of a stack trace.
const { sep } = require("node:path");

const OLDEST = 24;

function problem() {
  if (__dirname.includes(`${sep}node_modules${sep}`)) {
    return "call-archive runs from a clone of its repository, and not as a dependency: Node.js runs no TypeScript below node_modules";
  }
  if (Number(process.versions.node.split(".")[0]) < OLDEST) {
    return `call-archive runs on Node.js ${OLDEST}, and this is ${process.versions.node}: run \`npx call-archive\` in its folder, after \`npm ci\``;
  }
}

const found = problem();
if (found) {
  console.error(found);
  process.exitCode = 1;
} else {
  void import("../commands/call-archive.cli.ts");
}
