/** What Python writes in the place of a number that JSON has no notation for. */
export type NotANumber = "NaN" | "Infinity" | "-Infinity";

/** A field with such a word. The word is read as `null`. */
export interface NotNumber {
  /** The names of the fields from the outermost one; `[]` for the entries of a list. */
  readonly path: readonly string[];
  readonly token: NotANumber;
  /** The number of places: all entries of a list are one field. */
  readonly count: number;
}

/** A field of a body, with the fields inside it that were looked for. */
export interface Field {
  readonly path: readonly string[];
  readonly inside: Map<string, Field>;
  readonly counts: Map<NotANumber, number>;
}

/** The most steps of a path. What is deeper is counted for the field there. */
const DEEPEST = 20;

/** The most characters of a name in a path. */
const LONGEST_NAME = 128;

/** The most fields in a list. A body of 6 MB may have half a million. */
const MOST_LISTED = 1000;

/** Whether a word in JSON is one of Python's. */
export function isNotANumber(word: string): word is NotANumber {
  return word === "NaN" || word === "Infinity" || word === "-Infinity";
}

/** The field that contains all others. */
export function outermostField(): Field {
  return { path: [], inside: new Map(), counts: new Map() };
}

/** The field with this name inside `field`; `[]` is the name of all entries of a list. */
export function fieldInside(field: Field, name: string): Field {
  if (field.path.length === DEEPEST) return field;
  const step = name.slice(0, LONGEST_NAME);
  const known = field.inside.get(step);
  if (known) return known;
  const found = { ...outermostField(), path: [...field.path, step] };
  field.inside.set(step, found);
  return found;
}

/** Counts `token` in `field`. */
export function countNotNumber({ counts }: Field, token: NotANumber): void {
  counts.set(token, (counts.get(token) ?? 0) + 1);
}

/** What was counted in `field` and inside it. At most a thousand fields. */
export function notNumbersIn(field: Field): NotNumber[] {
  return [...countedIn(field).take(MOST_LISTED)];
}

function* countedIn({ path, inside, counts }: Field): Generator<NotNumber> {
  for (const [token, count] of counts) yield { path, token, count };
  for (const each of inside.values()) yield* countedIn(each);
}
