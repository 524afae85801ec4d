import type { KnownEvent } from "./event.ts";
import { at, words } from "./json.ts";
import { KINDS } from "./kinds/registry.ts";
import {
  type DefaultCountryCode,
  internationalDigits,
  isWithheldId,
  isWithheldNumber,
  phoneDigits,
} from "./phone-number.ts";
import { slugged } from "./slug.ts";

/** The person on the line. */
export interface Caller {
  /** The folder in the archive: digits of the number, `user-…`, or `anonymous`. */
  readonly folder: string;
  /** Whose memory the call feeds: `+` and the digits of the number, else the user id as sent. */
  readonly memoryUserId: string | null;
}

const ANONYMOUS: Caller = { folder: "anonymous", memoryUserId: null };

/**
 * Returns the person on the line, by one rule for the folder and the memory.
 *
 * The channel decides which fields can name the person (elevenlabs.io, post-call webhooks, 2026-11). The first phone
 * number is used, in any spelling. A caller who withholds the number is anonymous, also with a user id.
 * `system__caller_id` is not read: on outbound calls it is the agent's own number. `defaultCountryCode` completes national
 * phone numbers.
 */
export function callerOf({ kind, body }: KnownEvent, defaultCountryCode: DefaultCountryCode): Caller {
  const data = at(body.value, "data");
  const stated = KINDS[kind].person(data);
  const [number] = stated
    .filter((each) => !isWithheldNumber(each))
    .flatMap((each) => phoneDigits(each, defaultCountryCode) ?? []);
  if (number !== undefined) return ofNumber(number);
  const whatsappId = words(at(data, "metadata", "whatsapp", "whatsapp_user_id"));
  if (whatsappId === null && stated.some(isWithheldNumber)) return ANONYMOUS;
  const id = whatsappId ?? words(at(data, "user_id"));
  if (id === null || isWithheldId(id)) return ANONYMOUS;
  const digits = internationalDigits(id);
  if (digits !== null) return ofNumber(digits);
  return { folder: userFolder(id), memoryUserId: id };
}

/** The folder of a person as a reader states it: a number with a plus in any spelling, or the name of the folder. */
export function statedFolder(stated: string): string {
  const text = stated.trim();
  return text.startsWith("+") ? (internationalDigits(text) ?? text.replace(/\D/g, "")) : text;
}

/** The folder of a person who is known by a user id. */
export function userFolder(id: string): string {
  return `user-${slugged(id, 128 - "user-".length)}`;
}

function ofNumber(digits: string): Caller {
  return { folder: digits, memoryUserId: `+${digits}` };
}
