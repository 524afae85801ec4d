import { setFlagsFromString } from "node:v8";

/**
 * Prevents V8 from optimising the SQL translator, 23 MB of WebAssembly that run for some milliseconds. Import this
 * before the translator. The optimisation runs in the background and delays the end of the process (measured with
 * Node 24.9 on two cores: a query takes 0.9 s without it, 2.5 s with it).
 */
for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
