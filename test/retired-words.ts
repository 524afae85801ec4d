/** A word that this project no longer uses, and the plain one. */
export interface RetiredWord {
  /** Matches lower-case text in which names are split into words. */
  readonly word: RegExp;
  readonly instead: string;
}

/** Words that a reader has to translate, and riddles. `docs/style.md` has the rules. */
export const RETIRED: readonly RetiredWord[] = [
  { word: /\bdoors?\b/, instead: "receiver" },
  { word: /\bsets? apart\b/, instead: "unrouted; quarantined" },
  { word: /\bg[ai]ven? up\b|\bgives? up\b|\bgiving up\b/, instead: "dead-lettered" },
  { word: /\brenew(s|ed|ing|al)?\b|\bupload(s|ed)? again\b/, instead: "re-put" },
  { word: /\bpatien(ce|t|tly)\b/, instead: "retry policy" },
  { word: /\broom(s|y)?\b/, instead: "backpressure; folder; memory" },
  { word: /\bkeyed\b/, instead: "per credential" },
  { word: /\bfigures?\b/, instead: "metric; measurement" },
  { word: /\btruths?\b/, instead: "boolean" },
  { word: /\bworkplaces?\b|\binstallations?\b/, instead: "deployment" },
  { word: /\btold\b|\btells?\b|\bsays\b|\bhears?\b/, instead: "logs, prints, returns, states" },
  { word: /\bmend(s|ed|ing)?\b/, instead: "repaired" },
  { word: /\banew\b/, instead: "rebuilt; again" },
  { word: /\b(dirty )?marks?\b/, instead: "dirty marker" },
  { word: /\blaid aside\b/, instead: "spooled" },
  { word: /\bmisdirected\b/, instead: "not a delivery" },
  { word: /\bwhoever\b|\bwhomever\b|\bsomebody\b|\bnobody\b/, instead: "the process, the caller, the reader" },
  { word: /\bso (many|much)\b/, instead: "the number" },
  { word: /\bas (it is|they are)\b/, instead: "unchanged" },
  { word: /\bof (its|their) own\b/, instead: "its own …; separate" },
];

/** Names that users may query already, so they stay. */
export const KEPT_NAMES: readonly { readonly name: string; readonly why: string }[] = [
  { name: "given_up_at", why: "a field of dead letters on disk" },
  { name: "SetApart", why: "a CloudWatch metric" },
];

/** Files in which a retired word is right. */
export const EXCEPTIONS: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /^CHANGELOG\.md$/, why: "it lists what was renamed" },
  { path: /^docs\/style\.md$/, why: "it has the list of these words" },
  { path: /^infrastructure\/samples\/(scenario[a-z-]*|collected)\.ts$/, why: "people say these words in sample calls" },
  { path: /^test\/(retired-words|words\.test)\.ts$/, why: "the list, and its test" },
];
