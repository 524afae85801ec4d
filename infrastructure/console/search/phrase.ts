/** Where a phrase is in a text: positions in UTF-16 units, the end is not included. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The text with capitals as small letters, as the search compares it: each code point by itself, and no text gets longer.
 *
 * JavaScript has two exceptions that SQL's `lower` has not: İ becomes two letters, and Σ at the end of a word becomes ς.
 */
export function folded(text: string): string {
  return text.replaceAll("İ", "i").replaceAll("Σ", "σ").toLowerCase();
}

/**
 * The places of a phrase in a text, in their order. A place is widened to whole visible characters, so that no
 * accent and no emoji is divided. Returns none if the positions in the folded text would not be those in the text.
 */
export function placesOf(phrase: string, text: string): readonly Place[] {
  const [within, wanted] = [folded(text), folded(phrase)];
  if (wanted === "" || within.length !== text.length) return [];
  const segments = characters.segment(text);
  const places: Place[] = [];
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length)) {
    const first = segments.containing(at);
    const last = segments.containing(at + wanted.length - 1);
    const place = {
      start: first?.index ?? at,
      end: last ? last.index + last.segment.length : at + wanted.length,
    };
    const before = places.at(-1);
    if (before && before.end > place.start) places[places.length - 1] = { start: before.start, end: place.end };
    else places.push(place);
  }
  return places;
}

/** A part of a text, and the places in it. */
export interface Excerpt {
  readonly text: string;
  readonly places: readonly Place[];
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
}

/** The part of `text` from about `from`, with about `length` UTF-16 units, and those of `places` that are within. */
export function excerptOf(text: string, places: readonly Place[], from: number, length: number): Excerpt {
  const segments = characters.segment(text);
  const start = from <= 0 ? 0 : (segments.containing(from)?.index ?? 0);
  const end = start + length >= text.length ? text.length : (segments.containing(start + length)?.index ?? text.length);
  return {
    text: text.slice(start, end),
    places: places
      .filter((place) => place.start >= start && place.end <= end)
      .map((place) => ({ start: place.start - start, end: place.end - start })),
    isCutBefore: start > 0,
    isCutAfter: end < text.length,
  };
}
