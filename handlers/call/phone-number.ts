/** The country code for numbers that state none, as digits: `44`. `undefined` leaves such numbers unchanged. */
export type DefaultCountryCode = string | undefined;

/** Matches a country code (ITU-T E.164: one to three digits, 2026-11). */
export const COUNTRY_CODE = /^[1-9]\d{0,2}$/;

/**
 * The digits of a phone number with its country code, where the number states one; `null` for anything else.
 *
 * A national number is completed with `defaultCountryCode`.
 *
 * All spellings of a number give the same digits: with spaces, punctuation, direction characters or digits of another script;
 * with `00` for `+`, or `(0)` after the country code; with an extension; as a SIP, tel or WhatsApp address, with its host,
 * parameters and display name. A number has 4 to 15 digits (ITU-T E.164).
 */
export function phoneDigits(stated: string, defaultCountryCode: DefaultCountryCode): string | null {
  const number = dialled(stated);
  if (number === null || !/^\d{4,15}$/.test(number.digits)) return null;
  return hasCountryCode(number) || defaultCountryCode === undefined
    ? number.digits
    : completed(number.digits, defaultCountryCode);
}

/** The same for a text that may be any id: only a number that states its country code, by `+` or `00` or its length. */
export function internationalDigits(stated: string): string | null {
  const number = dialled(stated);
  if (number === null) return null;
  return hasCountryCode(number) && /^\d{7,15}$/.test(number.digits) ? number.digits : null;
}

/** Whether a number has its country code: by `+` or `00`, or because no country has national numbers of its length. */
function hasCountryCode({ digits, isInternational }: DialledNumber): boolean {
  return isInternational || (digits.length >= 11 && !digits.startsWith("0"));
}

/** The shortest number that is completed. Shorter ones are extensions of a telephone system, or service numbers. */
const SHORTEST_NATIONAL = 7;

/** Country codes whose numbers keep the leading 0 of a national number (ITU-T E.164 numbering plan of Italy, 2026-11). */
const KEEPS_ZERO = new Set(["39"]);

/** A national number with its country code. Unchanged if the result would be too long for a number. */
function completed(national: string, countryCode: string): string {
  const significant = KEEPS_ZERO.has(countryCode) ? national : national.replace(/^0/, "");
  const number = countryCode + significant;
  return national.length < SHORTEST_NATIONAL || number.length > 15 ? national : number;
}

/**
 * Numbers that spell a word on a phone's keypad: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE and PRIVATE. Carriers
 * send them where the caller is withheld (seen in deliveries and in Twilio's support pages, 2026-11).
 */
const KEYPAD_WORDS = /^1?(266696687|7378742833|2562533|8656696|86282452253|7748283)$/;

/** Words that stand where a number or a user id should, as letters only. */
const WITHHELD = new Set([
  ...["anonymous", "anonymouscaller", "restricted", "unavailable", "idunavailable", "calleridunavailable", "blocked"],
  ...["unknown", "unknowncaller", "unknownnumber", "callerunknown", "private", "privatecaller", "privatenumber"],
  ...["withheld", "withheldnumber", "numberwithheld", "hidden", "hiddennumber", "unidentified", "notavailable"],
  ...["nocallerid", "nonumber", "none", "null", "undefined", "na", "nil", "outofarea"],
]);

/** Whether a number field names no person: it is empty, a word for "withheld", a number that spells one, or zeros. */
export function isWithheldNumber(stated: string): boolean {
  return isWithheld(address(stated)) || isWithheld(stated);
}

/** The same for an id. Its host is part of it: `private@example.com` is a person. */
export function isWithheldId(stated: string): boolean {
  return isWithheld(/^\s*sips?:/i.test(stated) ? address(stated) : stated);
}

function isWithheld(text: string): boolean {
  const plain = asciiDigits(text)
    .replace(/[\s\p{P}\p{Cf}+]/gu, "")
    .toLowerCase();
  return plain === "" || WITHHELD.has(plain) || /^0+$/.test(plain) || KEYPAD_WORDS.test(plain.replace(/^00/, ""));
}

interface DialledNumber {
  readonly digits: string;
  /** Whether it begins with `+` or `00`. */
  readonly isInternational: boolean;
}

/** The digits to dial, if the text is a number. */
function dialled(stated: string): DialledNumber | null {
  const text = asciiDigits(address(stated)).replaceAll("＋", "+");
  const withoutExtension = text.replace(/([,;#]+|\bext(ension)?\b\.?:?|(?<=[\d\s)])x\.?)\s*\d[\d\s,;#]*$/i, "");
  const isInternational = /^[\s\p{P}]*(\+|00)/u.test(withoutExtension);
  // In "+44 (0)20 7946 0100" the 0 is dialled within the country only.
  const national = withoutExtension.replace(/^([\s\p{P}]*(?:\+|00)\s*\d{1,3}\s*)\(\s*0\s*\)/u, "$1");
  const number = national.replace(/[\s\p{Pd}\p{Ps}\p{Pe}._/·•]/gu, "").replace(/^\+?00/, "+");
  return /^\+?\d+$/.test(number) ? { digits: number.replace("+", ""), isInternational } : null;
}

/** What stands before the host in an address, without display name, scheme and parameters. */
function address(stated: string): string {
  const visible = stated.replace(/\p{Cf}/gu, "").trim();
  const [, bracketed] = /<([^<>]*)>?\s*(;.*)?$/s.exec(visible) ?? [];
  const uri = (bracketed ?? visible.replace(/^"[^"]*"\s*/, "")).trim();
  const scheme = /^(sips?|tel|whatsapp|callto|sms):(\/\/)?/i.exec(uri)?.[0];
  if (scheme === undefined && bracketed === undefined && !/^[^@]*@[^@\s]*$/.test(uri)) return uri;
  const user = uri
    .slice(scheme?.length ?? 0)
    .replace(/@.*$/s, "")
    .replace(/[;?].*$/s, "");
  return user.replaceAll(/%2b/gi, "+").replaceAll("%20", " ").trim();
}

/** Decimal digits of any script as ASCII. Each script has its ten digits in a row. */
export function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const codePoint = digit.codePointAt(0) ?? 0;
    let zero = codePoint;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((codePoint - zero) % 10);
  });
}
