import { Duration } from "aws-cdk-lib";
import type { Alarms } from "./alarms.ts";
import type { Compactor } from "./compactor.ts";
import { metricOf } from "./metric-of.ts";
import type { Processor } from "./processor.ts";
import type { Receiver } from "./receiver.ts";
import type { Reconciler } from "./reconciler.ts";

/** What the alarms watch, and their limits. */
export interface EachAlarmProps {
  readonly receiver: Receiver;
  readonly processor: Processor;
  readonly compactor: Compactor;
  /** `undefined` if `fetchRecordings` is off. */
  readonly reconciler: Reconciler | undefined;
  /** How many hours after its end a past day may be open. */
  readonly openHours: number;
  /** The longest time without a call that raises no alarm, in whole hours, up to a week. */
  readonly quietHours: number;
  /** The number of refusals in a quarter of an hour that is normal for a public endpoint. More raise an alarm. */
  readonly refusalsPerQuarterHour: number;
}

/** Adds an alarm for each problem. It notifies within minutes, and the monitor within an hour. */
export function addEachAlarm(alarms: Alarms, props: EachAlarmProps): void {
  const { receiver, processor, compactor, reconciler, openHours, quietHours, refusalsPerQuarterHour } = props;
  const minutes = (period: number, statistic: string) => ({ period: Duration.minutes(period), statistic });
  alarms.above(0, "DeadLetters", "Objects were dead-lettered", {
    metric: processor.deadLetters.metricApproximateNumberOfMessagesVisible(minutes(5, "Maximum")),
  });
  alarms.above(3_600, "OldestMessage", "An object has waited for more than an hour", {
    metric: processor.queue.metricApproximateAgeOfOldestMessage(minutes(5, "Maximum")),
  });
  alarms.above(refusalsPerQuarterHour, "Refusals", "Many deliveries were refused: the webhook secret may be wrong", {
    metric: metricOf(alarms, "Refused", "receiver", minutes(15, "Sum")),
  });
  alarms.above(0, "ProcessorErrors", "The processor failed: it crashed, or ran out of memory or time", {
    metric: processor.handler.metricErrors(minutes(5, "Sum")),
  });
  alarms.above(0.8 * processor.timeout.toMilliseconds(), "ProcessorDuration", "The processor nears its timeout", {
    metric: processor.handler.metricDuration(minutes(5, "Maximum")),
  });
  alarms.above(0, "ReceiverThrottled", "The receiver was throttled: it did not accept some deliveries", {
    metric: receiver.handler.metricThrottles(minutes(5, "Sum")),
  });
  alarms.above(2, "CompactorErrors", "The compactor fails repeatedly", {
    metric: compactor.handler.metricErrors(minutes(15, "Sum")),
  });
  alarms.above(0, "UnreadableObjects", "Rows are missing from closed days: some live objects cannot be read", {
    metric: metricOf(alarms, "UnreadableObjects", "compactor", minutes(60, "Maximum")),
  });
  alarms.above(3_600 * openHours, "OldestOpenDay", "Past days are not closed: queries get slower", {
    metric: metricOf(alarms, "OldestOpenDay", "compactor", minutes(60, "Minimum")),
    isSilenceBad: true,
  });
  if (reconciler) addAlarmsOf(reconciler, alarms);
  const received = metricOf(alarms, "Received", "receiver", minutes(60, "Sum"));
  alarms.silent(quietHours, "NoCalls", `No delivery was received for ${quietHours} hours`, received);
}

function addAlarmsOf(reconciler: Reconciler, alarms: Alarms): void {
  const hourly = (statistic: string) => ({ period: Duration.hours(1), statistic });
  alarms.above(0, "MissingCalls", "Calls that ElevenLabs lists are not in the archive and could not be fetched", {
    metric: metricOf(alarms, "MissingCalls", "reconciler", hourly("Maximum")),
  });
  alarms.above(0, "WebhookFindings", "The webhook's settings at ElevenLabs lose calls, or will soon", {
    metric: metricOf(alarms, "WebhookFindings", "reconciler", hourly("Maximum")),
  });
  alarms.above(0, "ReconcilerErrors", "The reconciler could not list the calls at ElevenLabs, or found a problem", {
    metric: reconciler.handler.metricErrors(hourly("Sum")),
  });
}
