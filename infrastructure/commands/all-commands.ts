import { compact } from "./compact/compact.command.ts";
import { query } from "./query/query.command.ts";
import type { DeclaredCommand } from "./toolkit/command.ts";

/** Every command, in the order in which they are listed. */
export const COMMANDS: readonly DeclaredCommand[] = [query, compact];
