import { type Country, HUMAN_LINES, type Language, SHOPS } from "./company.ts";
import type { Person } from "./people.ts";
import type { Json } from "./python-json.ts";
import type { Random } from "./random.ts";

/** The values of a script's placeholders: names, orders, prices, days. */
export type Details = Readonly<Record<string, string | number>>;

const BIKES = ["Plover City", "Heron Cargo", "Marlet 20", "Corvin E", "Dunlin Gravel", "Avocet Kids"];

const WORDS: Readonly<
  Record<Language, { days: readonly string[]; times: readonly string[]; parts: readonly string[] }>
> = {
  en: {
    days: ["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    times: ["nine thirty", "eleven", "half past one", "four fifteen"],
    parts: ["rear derailleur", "brake cable", "bottom bracket", "tyre", "chain"],
  },
  es: {
    days: ["martes", "miércoles", "jueves", "viernes", "sábado"],
    times: ["las nueve y media", "las once", "las cuatro y cuarto"],
    parts: ["cambio trasero", "cable de freno", "portabultos", "juego de pedales"],
  },
  de: {
    days: ["Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
    times: ["halb zehn", "elf Uhr", "Viertel nach vier"],
    parts: ["Schaltwerk", "Bremszug", "Schlauch"],
  },
};

/** Random details for one call of `person`. */
export function callDetails({ name, language, country }: Person, random: Random): Details {
  const amount = random.integer(18, 140) + random.pick([0, 0.5, 0.95]);
  const words = WORDS[language];
  return {
    name: name.replace(/ .*/, ""),
    full_name: name,
    order: `LS-${random.integer(10_000, 99_999)}`,
    shop: random.pick(SHOPS[country]),
    bike: random.pick(BIKES),
    part: random.pick(words.parts),
    day: random.pick(words.days),
    time: random.pick(words.times),
    amount,
    price: priceText(amount, country),
    wait_days: random.integer(2, 9),
    human_line: HUMAN_LINES[country],
  };
}

/**
 * `text` with every `{placeholder}` replaced by its detail.
 *
 * @throws RangeError for a placeholder without a detail.
 */
export function filled(text: string, details: Details): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(detail(name, details)));
}

/** `value` with the placeholders in its strings filled. A string that is only a placeholder can become a number. */
export function filledJson(value: Json, details: Details): Json {
  if (typeof value === "string") {
    const only = /^\{(\w+)\}$/.exec(value)?.[1];
    return only === undefined ? filled(value, details) : detail(only, details);
  }
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Json) => filledJson(item, details));
  const members = Object.entries(value).map(([key, member]) => [key, member && filledJson(member, details)] as const);
  return Object.fromEntries(members);
}

function detail(name: string, details: Details): string | number {
  const found = details[name];
  if (found === undefined) throw new RangeError(`there is no detail ${name}`);
  return found;
}

function priceText(amount: number, country: Country): string {
  if (country === "DE") return `${amount.toFixed(2).replace(".", ",")} €`;
  return `${country === "US" ? "$" : "£"}${amount.toFixed(2)}`;
}
