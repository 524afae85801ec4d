import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Log } from "../clients/observability/log.ts";
import type { Measure, Measurement } from "../clients/observability/measure.ts";
import { type HttpResponse, notADeliveryEntry, notADeliveryResponse, respondToDelivery } from "./http-response.ts";
import { type ReceiveDeps, type Reception, receiveWebhook } from "./receive.ts";

/** The dependencies of the handler. */
export interface HttpHandlerDeps extends ReceiveDeps {
  /** The longest that storing may take, in milliseconds. After it the response is 500, and the sender retries. */
  readonly storeTimeoutMs: number;
  /** The addresses from which deliveries are accepted; all addresses if it is not set. */
  readonly allowedAddresses?: readonly string[] | undefined;
  readonly log: Log;
  readonly measure: Measure<"receiver">;
}

/**
 * Returns a handler for requests of an HTTP API (payload format 2.0). It answers as the local receiver does:
 * `POST /post-call`.
 *
 * A body that API Gateway encoded in base64 is decoded before its signature is checked: the signed and stored bytes are
 * those that were sent.
 */
export function httpHandler(deps: HttpHandlerDeps) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { status, body, headers } = await respondTo(event, deps);
    return {
      statusCode: status,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    };
  };
}

async function respondTo(event: APIGatewayProxyEventV2, deps: HttpHandlerDeps): Promise<HttpResponse> {
  const { http, stage } = event.requestContext;
  if (deps.allowedAddresses?.includes(http.sourceIp) === false) return notAllowedFrom(deps);
  const path = withoutStage(http.path, stage);
  const wrong = notADeliveryResponse(path, http.method);
  if (wrong) {
    deps.log(notADeliveryEntry(path, wrong));
    return wrong;
  }
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  const delivery = { signature: event.headers["elevenlabs-signature"], body };
  const receive = () => receiveWebhook(delivery, deps);
  const { response, reception } = await respondToDelivery(delivery, { ...deps, receive });
  deps.measure(measurementsOf(reception));
  return response;
}

/** Refuses an address. It is not logged here: API Gateway's access log has it. */
function notAllowedFrom({ log, measure }: HttpHandlerDeps): HttpResponse {
  const reason = "unexpected address";
  log({ event: "refused", reason });
  measure([{ name: "Refused", value: 1, by: { reason } }]);
  return { status: 403, body: { status: "refused", reason } };
}

/** The path without its stage. A stage other than `$default` is the first part of the path. */
function withoutStage(path: string, stage: string): string {
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
}

function measurementsOf(reception: Reception | undefined): Measurement<"receiver">[] {
  if (!reception) return [{ name: "StoreFailed", value: 1 }];
  if (reception.status === "refused") return [{ name: "Refused", value: 1, by: { reason: reception.reason } }];
  const received: Measurement<"receiver"> = { name: "Received", value: 1 };
  return reception.status === "stored" ? [received] : [received, { name: "SetApart", value: 1 }];
}
