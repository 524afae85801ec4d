import { callerOf, userFolder } from "../call/caller.ts";
import type { KnownEvent } from "../call/event.ts";
import { at, text, words } from "../call/json.ts";
import { COUNTRY_CODE } from "../call/phone-number.ts";

/** How versions before 2026-12 recognised a withheld number. */
const WITHHELD = /^(|anonymous|restricted|unavailable|blocked|unknown|private|withheld)$/;
const WITHHELD_NUMBERS = /^\+?(266696687|7378742833|86282452253|2562533|8656696)$/;

/** Whether an earlier rule chose `folder` for the caller: with another country code or without one, or before 2026-12. */
export function isEarlierFolder(folder: string | null, event: KnownEvent): boolean {
  if (folder === null) return false;
  const { folder: national } = callerOf(event, undefined);
  const significant = national.replace(/^0/, "");
  const isCompleted = /^\d{7,}$/.test(national) && folder.endsWith(significant);
  const countryCode = folder.slice(0, -significant.length);
  return folder === national || folder === folderBefore202612(event) || (isCompleted && COUNTRY_CODE.test(countryCode));
}

/**
 * The folder that versions before 2026-12 chose for the caller: the digits as delivered, with `00` and without limits to
 * the spelling. Such calls stay where they are, because moving an object would make it a new upload.
 */
function folderBefore202612({ body }: KnownEvent): string {
  const data = at(body.value, "data");
  const [metadata, report] = [at(data, "metadata"), at(data, "metadata", "body")];
  const stated =
    text(at(metadata, "phone_call", "external_number")) ??
    text(at(metadata, "whatsapp", "whatsapp_user_id")) ??
    text(at(metadata, "sms", "sms_user_phone_number")) ??
    text(at(report, "To")) ??
    text(at(report, "to_number"));
  if (stated !== null && isWithheld(stated)) return "anonymous";
  const address = stated?.replace(/^\s*(sips?|tel|whatsapp):/i, "").replace(/@.*$/s, "");
  const number = address?.replace(/[\s().\p{Dash}/]/gu, "") ?? "";
  if (/^\+?\d{3,20}$/.test(number)) return number.replace("+", "");
  const userId = words(at(data, "user_id")) ?? words(at(metadata, "whatsapp", "whatsapp_user_id"));
  return userId === null || isWithheld(userId) ? "anonymous" : userFolder(userId);
}

function isWithheld(stated: string): boolean {
  const name = stated
    .trim()
    .toLowerCase()
    .replace(/^sips?:/, "")
    .replace(/@.*$/s, "");
  return WITHHELD.test(name) || WITHHELD_NUMBERS.test(name);
}
