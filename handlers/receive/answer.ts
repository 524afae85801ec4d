import { type LogEntry, masked } from "../clients/log.ts";
import type { Reception } from "./receive.ts";

/** What is sent back for one request: a status and one JSON object. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where deliveries are posted to. */
export const PATH = "/post-call";

/** The answer to a delivery of which it is known what became of it. */
export function answerOf(reception: Reception): Answer {
  return { status: reception.status === "refused" ? 401 : 200, body: { ...reception } };
}

/** The answer where nothing is promised: the sender tries again after a 5xx. */
export const STORE_FAILED: Answer = {
  status: 500,
  body: { status: "failed", reason: "the archive could not store the delivery: send it again" },
};

/** The answer to a path where nothing is. */
export const NO_SUCH_PATH: Answer = {
  status: 404,
  body: { status: "refused", reason: `no such path: POST ${PATH}` },
};

/** The answer to another method than the one that a path takes. */
export function notAllowed(allow: string): Answer {
  return { status: 405, body: { status: "refused", reason: `only ${allow} is allowed here` }, headers: { allow } };
}

/** What became of a delivery, as it is logged. */
export function receptionEntry({ status, ...rest }: Reception): LogEntry {
  return { event: status, ...rest, ...("key" in rest && { key: masked(rest.key) }) };
}

/** What `storing` gives, if it takes no longer than `ms`: a sender that hears nothing does not know that it failed. */
export async function within<Result>(ms: number, storing: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`storing took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([storing, tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}
