import { Duration, Fn, Stack } from "aws-cdk-lib";
import { Dashboard, GraphWidget, type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { MetricsOf } from "../../handlers/clients/observability/measure.ts";
import { REQUESTS_FILTER } from "./archive-bucket.ts";
import type { Compactor } from "./compactor.ts";
import { metricOf } from "./metric-of.ts";
import type { Processor } from "./processor.ts";
import type { Receiver } from "./receiver.ts";
import type { Reconciler } from "./reconciler.ts";

export interface CallDashboardProps {
  readonly archive: Bucket;
  /** Whether S3 counts the requests to the archive. */
  readonly requestMetrics: boolean;
  readonly receiver: Receiver;
  readonly processor: Processor;
  readonly compactor: Compactor;
  /** `undefined` if `fetchRecordings` is off. */
  readonly reconciler: Reconciler | undefined;
  readonly workgroupName: string;
}

/** The storage classes of this and of earlier versions of the lifecycle, by their names in S3's storage metrics. */
const STORAGE_TYPES = ["StandardStorage", "StandardIAStorage", "GlacierInstantRetrievalStorage", "GlacierStorage"];

/** The dashboard of the archive: deliveries, lag, failures, and what drives the cost. */
export class CallDashboard extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: CallDashboardProps) {
    super(scope, id);
    const { archive, receiver, processor, compactor, workgroupName } = props;
    const received = (name: MetricsOf["receiver"]) => metricOf(this, name, "receiver");
    const processed = (name: MetricsOf["processor"], statistic = "Sum") =>
      metricOf(this, name, "processor", { statistic });
    const compacted = (name: MetricsOf["compactor"], statistic = "Sum") =>
      metricOf(this, name, "compactor", { statistic });
    const dashboard = new Dashboard(this, "Dashboard", { defaultInterval: Duration.days(7) });
    dashboard.addWidgets(
      graph("Calls", [received("Received"), received("SetApart"), received("Refused")]),
      graph("Ingest lag, seconds", [processed("IngestLag", "p50"), processed("IngestLag", "p99")]),
      graph("Failures", [
        processed("Failed"),
        received("StoreFailed"),
        processor.deadLetters.metricApproximateNumberOfMessagesVisible(),
        receiver.serverErrors(),
      ]),
    );
    dashboard.addWidgets(
      graph("Results of processing", [
        processed("Processed"),
        processed("Duplicates"),
        processed("RecordingsStored"),
        processed("MemoriesWritten"),
      ]),
      graph("Queue, objects", [
        processor.queue.metricApproximateNumberOfMessagesVisible(),
        processor.queue.metricApproximateNumberOfMessagesNotVisible(),
      ]),
      graph("Durations, milliseconds", [receiver.handler.metricDuration(), processor.handler.metricDuration()]),
    );
    dashboard.addWidgets(
      graph(
        "Archive, bytes",
        STORAGE_TYPES.map((type) => storage(archive, "BucketSizeBytes", type)),
      ),
      ...(props.requestMetrics
        ? [graph("Archive, requests", [requests(archive, "PutRequests"), requests(archive, "GetRequests")])]
        : []),
      graph("Cost drivers", [
        receiver.handler.metricInvocations(),
        processor.handler.metricInvocations(),
        compactor.handler.metricInvocations(),
        storage(archive, "NumberOfObjects", "AllStorageTypes"),
        scanned(workgroupName),
      ]),
    );
    dashboard.addWidgets(
      graph("Oldest open day, seconds since its end", [compacted("OldestOpenDay", "Maximum")]),
      graph("Closed days", [
        compacted("DaysClosed"),
        compacted("DirtyShards"),
        compacted("UnreadableObjects", "Maximum"),
      ]),
      graph("Compactor, milliseconds", [compactor.handler.metricDuration({ statistic: "Maximum" })]),
    );
    if (props.reconciler) dashboard.addWidgets(...this.ofReconciler(props.reconciler));
    const { region } = Stack.of(this);
    this.url = Fn.join("", [
      `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/`,
      dashboard.dashboardName,
    ]);
  }

  private ofReconciler({ handler }: Reconciler): GraphWidget[] {
    const reconciled = (name: MetricsOf["reconciler"], statistic = "Sum") =>
      metricOf(this, name, "reconciler", { statistic });
    return [
      graph("Missing calls", [reconciled("MissingCalls", "Maximum")]),
      graph("Fetched from ElevenLabs", [reconciled("RecoveredCalls"), reconciled("RecoveredRecordings")]),
      graph("Reconciler, milliseconds", [handler.metricDuration({ statistic: "Maximum" })]),
    ];
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}

/** S3 reports storage once a day. */
function storage(bucket: Bucket, metricName: string, StorageType: string): Metric {
  const dimensionsMap = { BucketName: bucket.bucketName, StorageType };
  return new Metric({ namespace: "AWS/S3", metricName, dimensionsMap, statistic: "Average", period: Duration.days(1) });
}

function requests(bucket: Bucket, metricName: string): Metric {
  const dimensionsMap = { BucketName: bucket.bucketName, FilterId: REQUESTS_FILTER };
  return new Metric({ namespace: "AWS/S3", metricName, dimensionsMap, statistic: "Sum" });
}

function scanned(WorkGroup: string): Metric {
  return new Metric({
    namespace: "AWS/Athena",
    metricName: "ProcessedBytes",
    dimensionsMap: { WorkGroup },
    statistic: "Sum",
  });
}
