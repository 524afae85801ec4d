/** Adds and forgets a memory at the Mem0 whose address is the argument, and prints the origin of every request. */
import { subscribe } from "node:diagnostics_channel";
import { at, text } from "../../../../handlers/call/json.ts";
import { mem0Memories } from "../../../../handlers/clients/memory/mem0.client.ts";
import { aMemory } from "./a-memory.ts";

const origins = new Set<string>();
subscribe("undici:request:create", (message) => {
  origins.add(String(at(message, "request", "origin")));
});
subscribe("http.client.request.start", (message) => {
  origins.add(text(at(message, "request", "host")) ?? "unknown host");
});

const memories = mem0Memories({ apiKey: "m0-key", host: process.argv[2] ?? "", settleMs: 10 });
await memories.add(aMemory());
await memories.forget("+16129782029", "conv_7", { inFlight: true });
process.stdout.write(JSON.stringify([...origins]));
