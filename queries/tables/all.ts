import { conversations } from "./conversations.ts";
import { dataPoints } from "./data-points.ts";
import { evaluations } from "./evaluations.ts";
import { llmUsage } from "./llm-usage.ts";
import { recordings } from "./recordings.ts";
import type { Table } from "./table.ts";
import { toolCalls } from "./tool-calls.ts";
import { turns } from "./turns.ts";
import { unknownFields } from "./unknown-fields.ts";
import { unroutedDeliveries } from "./unrouted.ts";
import { variables } from "./variables.ts";

/** Every table of the archive, in the order in which documents show them. */
export const TABLES: readonly Table[] = [
  conversations,
  turns,
  toolCalls,
  evaluations,
  dataPoints,
  variables,
  recordings,
  llmUsage,
  unknownFields,
  unroutedDeliveries,
];
