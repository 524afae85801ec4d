import type { Country, Language } from "./company.ts";
import type { Random } from "./random.ts";

/** An invented person who calls, with a number from a range that is reserved for fiction. */
export interface Person {
  readonly name: string;
  readonly number: string;
  readonly userId: string;
  readonly language: Language;
  readonly country: Country;
}

/** The people of the showcase. Nora Whitlow calls three times. */
export const CAST = {
  nora: { name: "Nora Whitlow", number: "+12025550187", userId: "cust_20187", language: "en", country: "US" },
  tobias: { name: "Tobias Ashgrove", number: "+447700900412", userId: "cust_44412", language: "en", country: "GB" },
  greta: { name: "Greta Lindwurm", number: "+493023125417", userId: "cust_49417", language: "de", country: "DE" },
  priya: { name: "Priya Hollins", number: "+12025550191", userId: "cust_20191", language: "en", country: "US" },
  stranger: { name: "Sam Unsaid", number: "+12025550199", userId: "cust_20199", language: "en", country: "US" },
  ximena: { name: "Ximena Olmedo", number: "+12025550184", userId: "cust_20184", language: "es", country: "US" },
  joaquin: { name: "Joaquín Peñalver", number: "+447700900733", userId: "cust_44733", language: "es", country: "GB" },
  dispatcher: { name: "Ruben Castellow", number: "+12025550195", userId: "cust_20195", language: "en", country: "US" },
  harriet: { name: "Harriet Sloane", number: "+447700900588", userId: "cust_44588", language: "en", country: "GB" },
} as const satisfies Record<string, Person>;

const FIRST_NAMES: Readonly<Record<Language, readonly string[]>> = {
  en: ["Ada", "Ben", "Chloe", "Dev", "Elsie", "Femi", "Grace", "Hugo", "Imogen", "Jonah", "Keira", "Lewis", "Maeve"],
  es: ["Lucía", "Íñigo", "Begoña", "Andrés", "Noelia", "Ramón", "Inés", "Óscar", "Martina", "Julián", "Belén"],
  de: ["Jörg", "Käthe", "Anneliese", "Björn", "Frieda", "Günther", "Heike", "Matthias", "Ulrike", "Sören", "Lotte"],
};

const LAST_NAMES: Readonly<Record<Language, readonly string[]>> = {
  en: ["Fernsby", "Oakhollow", "Thistlewood", "Marlpit", "Brackenridge", "Sallowfield", "Winterbourne"],
  es: ["Valdearcos", "Montesino", "Cañizal", "Robledillo", "Fontanar"],
  de: ["Mühlgrab", "Steinhöfel", "Birkenau-Roth", "Krähwinkel", "Tannhuber"],
};

/** A random person out of a few hundred, so that some of them call again. */
export function randomPerson(language: Language, random: Random): Person {
  const { country, number, id } = randomNumber(language, random);
  const first = FIRST_NAMES[language][id % FIRST_NAMES[language].length];
  const last = LAST_NAMES[language][id % LAST_NAMES[language].length];
  return { name: `${first} ${last}`, number, userId: `cust_${number.slice(-5)}`, language, country };
}

function randomNumber(language: Language, random: Random): { country: Country; number: string; id: number } {
  if (language === "de") return inRange("DE", "+493023125", random.integer(100, 299));
  if (language === "es") return inRange("US", "+120255501", random.integer(50, 79));
  return random.chance(0.5)
    ? inRange("US", "+120255501", random.integer(10, 49))
    : inRange("GB", "+447700900", random.integer(100, 299));
}

function inRange(country: Country, prefix: string, id: number): { country: Country; number: string; id: number } {
  return { country, number: `${prefix}${id}`, id };
}
