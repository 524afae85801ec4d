import type { IncomingMessage } from "node:http";
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
import { BodyTooLarge, readBody, release, statedTooLarge } from "./request-body.ts";

/** What the HTTP receiver needs from the archive. */
export interface HttpReceiverDeps extends ResponseDeps {
  /** Called with the key of each stored delivery. The HTTP response does not wait for it. */
  readonly onStored: (key: string) => void;
  readonly health: () => Promise<HealthReport>;
  readonly maxBodyBytes: number;
  /** Of all bodies together. */
  readonly inFlight: BytesInFlight;
  /** How long a sender may send nothing in the middle of its body, in milliseconds. */
  readonly bodyIdleMs: number;
}

/**
 * What is answered over HTTP: `POST /post-call` and `GET /health`, one JSON object each.
 *
 * What the path, the method, the stated length or the signature's header refuses is refused before the body is read.
 * `allowBody` is called before it is read.
 *
 * @throws if the sender goes away or stalls in the middle of its body: then there is nobody to answer.
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

/** The answer to a delivery that its headers alone refuse. */
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
  const { response, reception } = await respondToDelivery(delivery, { ...deps, receive: () => receiving });
  // Storing that took too long may still be under way, with this body.
  const free = () => {
    release(body);
    flight.end();
  };
  receiving.then(free, free);
  if (reception && reception.status !== "refused") deps.onStored(reception.key);
  return response;
}
