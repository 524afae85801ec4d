import { CloudWatchClient, paginateGetMetricData } from "@aws-sdk/client-cloudwatch";
import { awsRetryPolicy } from "./aws-retry-policy.ts";
import type { MetricPoint, MetricSource } from "./metric-source.ts";

/** CloudWatch answered for a metric without its data. */
class MetricNotRead extends Error {
  override readonly name = "MetricNotRead";
}

/**
 * The metrics of this account and region in CloudWatch. Each metric that a request names costs $0.00001.
 *
 * @throws MetricNotRead if CloudWatch could not read one of the metrics.
 */
export function cloudWatchMetrics(client = new CloudWatchClient(awsRetryPolicy())): MetricSource {
  return {
    async read(queries, { from, until, periodSeconds }) {
      const points = queries.map((): MetricPoint[] => []);
      const pages = paginateGetMetricData(
        { client },
        {
          StartTime: from,
          EndTime: until,
          ScanBy: "TimestampAscending",
          MetricDataQueries: queries.map(({ namespace, name, dimensions, statistic }, n) => ({
            Id: `m${n}`,
            MetricStat: {
              Metric: {
                Namespace: namespace,
                MetricName: name,
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: periodSeconds,
              Stat: statistic,
            },
          })),
        },
      );
      for await (const { MetricDataResults = [] } of pages) {
        for (const { Id = "", StatusCode, Timestamps = [], Values = [] } of MetricDataResults) {
          if (StatusCode === "InternalError" || StatusCode === "Forbidden")
            throw new MetricNotRead(`${queries[Number(Id.slice(1))]?.name} was not read: ${StatusCode}`);
          for (const [n, at] of Timestamps.entries()) points[Number(Id.slice(1))]?.push({ at, value: Values[n] ?? 0 });
        }
      }
      return points.map((each) => each.sort((one, other) => one.at.getTime() - other.at.getTime()));
    },
  };
}
