import { Link } from "wouter";
import type { Search } from "./search-query.ts";

const QUESTIONS = [
  ["phrase-said", "Which calls contain it?"],
  ["phrase-missing", "Which calls lack it?"],
  ["find-phrase", "What was said around it?"],
] as const;

/** The address of a saved question about the phrase, with the same values. */
export function questionAddress(name: (typeof QUESTIONS)[number][0], { phrase, speaker, from, to }: Search): string {
  return `/ask/${name}?${new URLSearchParams({ from, to, phrase, speaker })}`;
}

/** The saved questions about the phrase, for a table of the whole range. */
export function PhraseQuestions({ search }: { readonly search: Search }) {
  return (
    <aside className="sd" aria-label="Questions about this phrase">
      <section>
        <div className="sech">
          <h2>As a table</h2>
        </div>
        <ul>
          {QUESTIONS.map(([name, question]) => (
            <li key={name}>
              <Link href={questionAddress(name, search)}>
                {question} <span className="q">{name}</span>
              </Link>
            </li>
          ))}
        </ul>
        <p className="t3 s">
          For all calls of these days, of every agent. There the kind of apostrophe does not matter, and ß is ss.
        </p>
      </section>
    </aside>
  );
}
