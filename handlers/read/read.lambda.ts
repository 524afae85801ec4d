import { readApiQueries, readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { presignedAddress } from "../clients/archive/presigned.client.ts";
import { s3Archive } from "../clients/archive/s3-archive.client.ts";
import { athena } from "../clients/aws/athena.client.ts";
import { athenaEngine } from "../clients/aws/athena-engine.ts";
import { environment } from "../clients/credentials/environment.client.ts";
import { powertoolsHandler } from "../clients/observability/powertools.client.ts";
import { apiHandler, MOST_RAW_BYTES } from "./api-handler.ts";
import type { ReadApiVariables } from "./environment.ts";
import { readApp } from "./http/app.ts";
import { REUSE_MINUTES } from "./read-deps.ts";

const { required } = environment<ReadApiVariables>();
const run = athena({
  workgroup: required("WORKGROUP"),
  database: required("DATABASE"),
  reuseMinutes: REUSE_MINUTES,
});
const [questions, queries] = await Promise.all([readSavedQueries(), readApiQueries()]);
const stack = {
  archive: s3Archive(required("ARCHIVE_BUCKET")),
  analytics: s3Archive(required("ANALYTICS_BUCKET")),
  direct: { address: presignedAddress(required("ARCHIVE_BUCKET")), mostBytes: MOST_RAW_BYTES },
  questions: async () => questions,
  queries: async () => queries,
  // The function may read no secret.
  secrets: async () => [],
  searchesByDays: false,
  now: () => new Date(),
};

/** Answers requests of the read API. */
export const handler = powertoolsHandler(({ log }) =>
  apiHandler({
    respond: (request, signal) => readApp({ ...stack, engine: athenaEngine(run, signal) }, log).fetch(request),
    log,
  }),
);
