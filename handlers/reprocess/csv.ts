/** A field, quoted with its quotes doubled or plain, and what ends it (RFC 4180, and line ends of any system). */
const FIELD = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n?|\n|$)/y;

/** The records of a CSV text, each a list of its fields. Lines with nothing in them are left out. */
export function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  for (FIELD.lastIndex = 0; FIELD.lastIndex < text.length || fields.length > 0; ) {
    const [, quoted, plain = "", end = ""] = FIELD.exec(text) ?? [];
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    if (fields.some((field) => field !== "")) records.push(fields);
    fields = [];
  }
  return records;
}
