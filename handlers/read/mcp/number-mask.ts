import { createHmac } from "node:crypto";
import { phoneDigits } from "../../call/phone-number.ts";
import { Problem } from "../problem.ts";
import { cleanText } from "./clean-text.ts";
import { isList, type Json } from "./json-value.ts";
import { withoutNumbers } from "./spelled-numbers.ts";

/** Makes texts of calls safe to show, with handles instead of phone numbers. */
export interface NumberMask {
  /** Whether numbers are replaced. */
  readonly isOn: boolean;
  /** A text, cleaned of control characters, with a handle instead of each number. Safe to repeat. */
  text(text: string): string;
  /** The same for every text in `value`. The name of a field decides what its text is. */
  json(value: Json, field?: string): Json;
  /**
   * The caller that an argument means: the folder of a handle. Any other text is returned unchanged.
   *
   * @throws {Problem} if this process did not make the handle.
   */
  callerIn(argument: string): string;
}

/** The most handles that are remembered. The oldest are forgotten first. */
export const MOST_HANDLES = 20_000;

/** Letters without vowels: a handle spells no word and has no further digits. */
const LETTERS = "bcdfghjkmnpqrstvwxz";
const TOKEN_LENGTH = 10;

const HANDLE = new RegExp(`^(number|caller)-(\\d{1,4}-)?[${LETTERS}]{${TOKEN_LENGTH}}$`);

/** Fields whose whole text may be a phone number, also a short one. */
const NUMBERS = new Set(["caller", "user_id", "agent_number"]);

/** The folder of a number in a key, also of a short one. */
const FOLDER = /(?<![\p{L}\p{N}_-])\d{4,15}(?=\/[\w-]+(?:\.failure)?\.(?:json|mp3))/gu;

/** Fields with an id that other tools take as an argument. */
const IDS = /(^|_)(conversation_id|agent_id|criteria_id|request_id)$/;

/**
 * A mask whose handles have the last digits of a number and a token that depends on `secret`. A number has one handle in
 * all answers of a process. With `showsNumbers` texts are only cleaned.
 */
export function numberMask(secret: Buffer, showsNumbers: boolean): NumberMask {
  const folders = new Map<string, string>();

  const remember = (handle: string, folder: string) => {
    const token = handle.slice(-TOKEN_LENGTH);
    folders.delete(token);
    folders.set(token, folder);
    const [oldest] = folders.keys();
    if (folders.size > MOST_HANDLES && oldest !== undefined) folders.delete(oldest);
    return handle;
  };
  const ofNumber = (found: string) => {
    const digits = phoneDigits(found, undefined) ?? found;
    const shown = digits.slice(digits.length - Math.min(4, Math.max(0, digits.length - 6)));
    return remember(`number-${shown === "" ? "" : `${shown}-`}${tokenOf(digits, secret)}`, digits);
  };
  const text = (given: string) => {
    const clean = cleanText(given);
    return showsNumbers ? clean : withoutNumbers(clean.replace(FOLDER, ofNumber), ofNumber);
  };
  const cell = (given: string, field: string) => {
    if (IDS.test(field) && /^[\w-]*[A-Za-z][\w-]*$/.test(given)) return given;
    if (showsNumbers || !NUMBERS.has(field) || HANDLE.test(given)) return text(given);
    const digits = phoneDigits(given, undefined);
    if (digits !== null) return ofNumber(digits);
    const masked = text(given);
    // The folder of a user id that contains a number is an argument, so it is one handle.
    return field !== "caller" || masked === given ? masked : remember(`caller-${tokenOf(given, secret)}`, given);
  };
  const json = (value: Json, field = ""): Json => {
    if (typeof value === "string") return cell(value, field);
    if (isList(value)) return value.map((each) => json(each, field));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, json(each, name)]));
  };

  return {
    isOn: !showsNumbers,
    text,
    json,
    callerIn(argument) {
      if (!HANDLE.test(argument)) return argument;
      const folder = folders.get(argument.slice(-TOKEN_LENGTH));
      if (folder !== undefined) return folder;
      const detail = `This server does not remember ${argument}; it may have been restarted. Use the conversation_id of a call of that caller.`;
      throw new Problem(404, "Unknown handle", detail);
    },
  };
}

function tokenOf(text: string, secret: Buffer): string {
  const digest = createHmac("sha256", secret).update(text).digest();
  return [...digest.subarray(0, TOKEN_LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}
