import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8 from optimising the SQL translator, 23 MB of WebAssembly that is used for some milliseconds: import
 * this before it. The optimising goes on in the background and holds up the end of the process (measured with
 * Node 24.9 on two cores: a query takes 0.9 s instead of 2.5).
 */
for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
