import { join } from "node:path";
import { expect, test } from "vitest";
import { readApp } from "../../../handlers/read/http/app.ts";
import type { ReadDeps } from "../../../handlers/read/read-deps.ts";
import { apiTypes, type OpenApiDocument } from "../../support/api-types.ts";

const SCHEMA = join(import.meta.dirname, "../../../infrastructure/console/api/schema.ts");

test("the console's types are those of the OpenAPI document: run this test with -u after a change", async () => {
  const app = readApp({ actions: {} } as ReadDeps, () => {});
  const document = (await (await app.request("/api/v1/openapi.json")).json()) as OpenApiDocument;
  await expect(await apiTypes(document)).toMatchFileSnapshot(SCHEMA);
});
