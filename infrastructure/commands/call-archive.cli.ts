#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Compiled modules are kept from one run to the next: a command starts in half the time. Not in the system's temporary
// folder, where another user could put code. If the folder cannot be written, nothing is kept.
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/call-archive"));
const { runThisProcess } = await import("./command-line.ts");
await runThisProcess();
