import { backfill } from "./backfill/backfill.command.ts";
import { build } from "./build/build.command.ts";
import { compact } from "./compact/compact.command.ts";
import { demo } from "./demo/demo.command.ts";
import { doctor } from "./doctor/doctor.command.ts";
import { erase } from "./erase/erase.command.ts";
import { load } from "./load/load.command.ts";
import { mcp } from "./mcp/mcp.command.ts";
import { query } from "./query/query.command.ts";
import { redrive } from "./redrive/redrive.command.ts";
import { reprocess } from "./reprocess/reprocess.command.ts";
import { secret } from "./secret/secret.command.ts";
import { serve } from "./serve/serve.command.ts";
import { smoke } from "./smoke/smoke.command.ts";
import { start } from "./start/start.command.ts";
import type { DeclaredCommand } from "./toolkit/command.ts";
import { verify } from "./verify/verify.command.ts";

/** Every command, in the order of the list: those for every day come first. */
export const COMMANDS: readonly DeclaredCommand[] = [
  start,
  query,
  serve,
  mcp,
  demo,
  verify,
  doctor,
  redrive,
  reprocess,
  backfill,
  compact,
  erase,
  secret,
  smoke,
  load,
  build,
];
