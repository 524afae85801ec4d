import type { IncomingMessage } from "node:http";
import { release } from "../../handlers/clients/release.ts";
import {
  type HttpResponse,
  notADeliveryEntry,
  notADeliveryResponse,
  notAllowed,
  plainPath,
  type ResponseDeps,
  refusedResponse,
  respondToDelivery,
} from "../../handlers/receive/http-response.ts";
import { headerRefusal } from "../../handlers/receive/signature.ts";
import type { BytesInFlight } from "./bytes-in-flight.ts";
import type { HealthReport } from "./health-report.ts";
import { BodyTooLarge, readBody, statedTooLarge } from "./request-body.ts";

/** What the HTTP receiver needs from the archive. */
export interface HttpReceiverDeps extends ResponseDeps {
  /** Called with the key of each stored delivery. The HTTP response does not wait for it. */
  readonly onStored: (key: string) => void;
  readonly health: () => Promise<HealthReport>;
  readonly maxBodyBytes: number;
  /** The bytes in flight of all bodies together. */
  readonly inFlight: BytesInFlight;
  /** How long a sender may pause in the middle of its body, in milliseconds. */
  readonly bodyIdleMs: number;
}

/**
 * Handles a request: `POST /post-call` or `GET /health`. The response's body is one JSON object.
 *
 * A request with a wrong path, method, length or signature header is refused before its body is read. `allowBody` is
 * called just before the body is read.
 *
 * @throws if the sender disconnects or stalls in the middle of its body, so that no response is possible.
 */
export async function respondTo(
  request: IncomingMessage,
  deps: HttpReceiverDeps,
  allowBody = () => {},
): Promise<HttpResponse> {
  const [path] = (request.url ?? "").split("?");
  if (plainPath(path) === "/health" && ["GET", "HEAD"].includes(request.method ?? "")) {
    return { status: 200, body: { ...(await deps.health()) } };
  }
  const wrong = plainPath(path) === "/health" ? notAllowed("GET, HEAD") : notADeliveryResponse(path, request.method);
  if (wrong) deps.log(notADeliveryEntry(path, wrong));
  return wrong ?? refusedByHeaders(request, deps) ?? receiveDelivery(request, deps, allowBody);
}

/** The response to a delivery whose headers are enough to refuse it. */
function refusedByHeaders(request: IncomingMessage, { log, maxBodyBytes }: HttpReceiverDeps): HttpResponse | undefined {
  const tooLarge = statedTooLarge(request, maxBodyBytes);
  if (tooLarge) return tooLargeResponse(tooLarge, log);
  const reason = headerRefusal(request.headersDistinct["elevenlabs-signature"]);
  if (!reason) return undefined;
  log({ event: "refused", reason });
  return refusedResponse(reason);
}

function tooLargeResponse({ message }: BodyTooLarge, log: ResponseDeps["log"]): HttpResponse {
  log({ event: "refused", reason: message });
  return { status: 413, body: { status: "refused", reason: message } };
}

async function receiveDelivery(
  request: IncomingMessage,
  deps: HttpReceiverDeps,
  allowBody: () => void,
): Promise<HttpResponse> {
  const { log, maxBodyBytes, bodyIdleMs, inFlight, receive } = deps;
  const flight = inFlight.begin(request);
  let body: Buffer;
  try {
    allowBody();
    body = await readBody(request, { limit: maxBodyBytes, flight, idleMs: bodyIdleMs });
  } catch (error) {
    flight.end();
    if (!(error instanceof BodyTooLarge)) throw error;
    return tooLargeResponse(error, log);
  }
  const delivery = { signature: request.headersDistinct["elevenlabs-signature"], body };
  const receiving = receive(delivery);
  const { response } = await respondToDelivery(delivery, { ...deps, receive: () => receiving });
  // After a timeout, the put may still be running and reading this body.
  const free = () => {
    release(body);
    flight.end();
  };
  receiving.then((reception) => {
    free();
    if (reception.status !== "refused") deps.onStored(reception.key);
  }, free);
  return response;
}
