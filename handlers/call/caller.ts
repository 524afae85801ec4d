import type { KnownEvent } from "./event.ts";
import { at, words } from "./json.ts";
import { KINDS } from "./kinds/registry.ts";
import { slugged } from "./slug.ts";

/** The person on the line. */
export interface Caller {
  /** The folder in the archive: digits of the number, `user-…`, or `anonymous`. */
  readonly folder: string;
  /** The user id in the memory store: the number as delivered, without spaces, else the user id; `null` if neither. */
  readonly memoryUserId: string | null;
}

const ANONYMOUS: Caller = { folder: "anonymous", memoryUserId: null };

/**
 * The values of a number field when the caller withholds the number.
 *
 * The numbers spell ANONYMOUS, RESTRICTED, UNAVAILABLE, BLOCKED and UNKNOWN on a telephone keypad. Carriers send them
 * where the protocol requires a number (seen in deliveries and Twilio's support pages, 2026-11).
 */
const WITHHELD_WORDS = new Set(["anonymous", "restricted", "unavailable", "blocked", "unknown", "private", "withheld"]);
const WITHHELD_NUMBERS = new Set(["266696687", "7378742833", "86282452253", "2562533", "8656696"]);

/**
 * Returns the person on the line.
 *
 * The field depends on the channel (elevenlabs.io, post-call webhooks, 2026-11). `system__caller_id` is not read: on
 * outbound calls it is the agent's own number.
 */
export function callerOf({ kind, body }: KnownEvent): Caller {
  const data = at(body.value, "data");
  const stated = KINDS[kind].person(data);
  if (stated !== null && isWithheld(stated)) return ANONYMOUS;
  const digits = stated === null ? null : phoneDigits(stated);
  if (stated !== null && digits !== null) return { folder: digits, memoryUserId: stated.replace(/\s/g, "") };
  const userId = words(at(data, "user_id")) ?? words(at(data, "metadata", "whatsapp", "whatsapp_user_id"));
  if (userId === null || isWithheld(userId)) return ANONYMOUS;
  return { folder: `user-${slugged(userId, 128 - "user-".length)}`, memoryUserId: userId };
}

/** The digits of a telephone number in any usual notation, also inside a SIP or tel URI; `null` for other texts. */
function phoneDigits(stated: string): string | null {
  const address = stated.replace(/^\s*(sips?|tel|whatsapp):/i, "").replace(/@.*$/s, "");
  const number = address.replace(/[\s().\p{Dash}/]/gu, "");
  return /^\+?\d{3,20}$/.test(number) ? number.replace("+", "") : null;
}

function isWithheld(stated: string): boolean {
  const name = stated
    .trim()
    .toLowerCase()
    .replace(/^sips?:/, "")
    .replace(/@.*$/s, "");
  return name === "" || WITHHELD_WORDS.has(name) || WITHHELD_NUMBERS.has(name.replace(/^\+/, ""));
}
