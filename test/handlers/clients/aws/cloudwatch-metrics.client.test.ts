import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { expect, onTestFinished, test } from "vitest";
import { cloudWatchMetrics } from "../../../../handlers/clients/aws/cloudwatch-metrics.client.ts";
import type { MetricQuery } from "../../../../handlers/clients/aws/metric-source.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { faultyServer } from "../../../support/servers/faulty-server.ts";

const QUERIES = ["Errors", "Duration"].map(
  (name): MetricQuery => ({ namespace: "AWS/Lambda", name, dimensions: { FunctionName: "f" }, statistic: "Sum" }),
);
const [EARLIER, LATER] = [1_795_953_600, 1_795_957_200];
const WINDOW = { from: new Date(EARLIER * 1000), until: new Date((LATER + 900) * 1000), periodSeconds: 900 };

/** The points that the client reads from a CloudWatch that sends `pages`. */
async function readFrom(pages: readonly { readonly MetricDataResults: unknown; readonly NextToken?: string }[]) {
  let sent = 0;
  const server = await faultyServer(() => ({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(pages[sent++]),
  }));
  onTestFinished(() => server.close());
  return cloudWatchMetrics(new CloudWatchClient({ ...awsAt(server.url), maxAttempts: 1 })).read(QUERIES, WINDOW);
}

test("returns the points of each metric in order, from every page, and none for a metric without data", async () => {
  const points = await readFrom([
    { MetricDataResults: [{ Id: "m1", StatusCode: "PartialData", Timestamps: [LATER], Values: [2] }], NextToken: "n" },
    {
      MetricDataResults: [
        { Id: "m1", StatusCode: "Complete", Timestamps: [EARLIER], Values: [1] },
        { Id: "m0", StatusCode: "Complete" },
      ],
    },
  ]);
  expect(points).toEqual([
    [],
    [
      { at: new Date(EARLIER * 1000), value: 1 },
      { at: new Date(LATER * 1000), value: 2 },
    ],
  ]);
});

test.each(["InternalError", "Forbidden"])("fails if a metric was not read: %s", async (StatusCode) => {
  const reading = readFrom([{ MetricDataResults: [{ Id: "m1", StatusCode, Timestamps: [], Values: [] }] }]);
  await expect(reading).rejects.toThrow(`Duration was not read: ${StatusCode}`);
});
