import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type Log, reasonOf } from "../clients/log.ts";
import type { Measure, Measurement } from "../clients/measure.ts";
import {
  type Answer,
  answerOf,
  NO_SUCH_PATH,
  notAllowed,
  PATH,
  receptionEntry,
  STORE_FAILED,
  within,
} from "./answer.ts";
import { type Receiving, type Reception, receiveWebhook } from "./receive.ts";

/** What the handler needs from outside. */
export interface HttpHandling extends Receiving {
  /** How long storing may take before the sender is told to try again, in milliseconds. */
  readonly storeTimeoutMs: number;
  readonly log: Log;
  readonly measure: Measure;
}

/**
 * Answers requests of an HTTP API (payload format 2.0) as the local door does: `POST /post-call`.
 *
 * A body that API Gateway wrapped in base64 is unwrapped before its signature is checked: what is signed and
 * stored are the bytes as they were sent.
 */
export function httpHandler(handling: HttpHandling) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { status, body, headers } = await answerTo(event, handling);
    return {
      statusCode: status,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    };
  };
}

async function answerTo(event: APIGatewayProxyEventV2, handling: HttpHandling): Promise<Answer> {
  const { path, method } = event.requestContext.http;
  if (withoutStage(path, event.requestContext.stage) !== PATH) return NO_SUCH_PATH;
  if (method !== "POST") return notAllowed("POST");
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  try {
    const delivery = { signature: event.headers["elevenlabs-signature"], body };
    const reception = await within(handling.storeTimeoutMs, receiveWebhook(delivery, handling));
    handling.log({ ...receptionEntry(reception), bytes: body.length });
    handling.measure(measurementsOf(reception));
    return answerOf(reception);
  } catch (error) {
    handling.log({ event: "store failed", reason: reasonOf(error) });
    handling.measure([{ name: "StoreFailed", value: 1 }]);
    return STORE_FAILED;
  }
}

/** A stage other than `$default` stands before the path. */
function withoutStage(path: string, stage: string): string {
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
}

function measurementsOf(reception: Reception): Measurement[] {
  if (reception.status === "refused") return [{ name: "Refused", value: 1, by: { reason: reception.reason } }];
  const received: Measurement = { name: "Received", value: 1 };
  return reception.status === "stored" ? [received] : [received, { name: "SetApart", value: 1 }];
}
