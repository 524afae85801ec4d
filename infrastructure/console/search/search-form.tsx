import { type FormEvent, useEffect, useState } from "react";
import { Days } from "../calls/chips.tsx";
import { shortId } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { Select } from "../parts/select.tsx";
import type { AddressChange } from "../shell/address.ts";
import { focusSearchField, SEARCH_FIELD } from "../shell/search-field.ts";
import { MOST_CHARACTERS, type Search, type Speaker } from "./search-query.ts";

const SPEAKERS: readonly (readonly [Speaker, string])[] = [
  ["any", "Anyone"],
  ["user", "Caller"],
  ["agent", "Agent"],
];

interface Props {
  readonly search: Search;
  readonly change: (change: AddressChange) => void;
  /** Called with the phrase when Enter is pressed. */
  readonly onSearch: (phrase: string) => void;
  readonly agentNames: ReadonlyMap<string, string>;
}

/** The phrase, and who said it to whom and when. It searches on Enter, because on a stack each search costs money. */
export function SearchForm({ search, change, onSearch, agentNames }: Props) {
  const [draft, setDraft] = useState(search.phrase);
  // The address may change without this field, with the browser's "back".
  useEffect(() => setDraft(search.phrase), [search.phrase]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the view appears.
  useEffect(() => {
    if (search.phrase === "") focusSearchField();
  }, []);
  const phrase = draft.trim();
  const isTooLong = phrase.length > MOST_CHARACTERS;
  const agents = [...agentNames];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isTooLong) onSearch(phrase);
  };
  return (
    <search>
      <form className="sf" onSubmit={submit}>
        <label className="vh" htmlFor={SEARCH_FIELD}>
          Phrase
        </label>
        <div className={`big ${isTooLong ? "wrong" : ""}`}>
          <Icon name="search" />
          <input
            id={SEARCH_FIELD}
            dir="auto"
            value={draft}
            autoComplete="off"
            spellCheck={false}
            placeholder="A word or a phrase, as it was said"
            aria-invalid={isTooLong}
            aria-describedby={isTooLong ? "phrase-wrong" : undefined}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" || event.key === "ArrowDown") event.currentTarget.blur();
            }}
          />
          <kbd className="hint">Enter</kbd>
        </div>
        <div className="ctl">
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex container in every browser. */}
          <div className="seg" role="group" aria-label="Said by">
            {SPEAKERS.map(([speaker, name]) => (
              <button
                type="button"
                key={speaker}
                aria-pressed={search.speaker === speaker}
                onClick={() => change({ speaker: speaker === "any" ? undefined : speaker })}
              >
                {name}
              </button>
            ))}
          </div>
          <Select
            aria-label="Agent"
            value={search.agent ?? ""}
            onChange={(event) => change({ agent: event.target.value })}
          >
            <option value="">All agents</option>
            {search.agent !== undefined && !agentNames.has(search.agent) && (
              <option value={search.agent}>{shortId(search.agent)}</option>
            )}
            {agents.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <span className="days">
            <Days filter={search} setDays={(from, to) => change({ from, to })} />
          </span>
        </div>
        {isTooLong && (
          <p id="phrase-wrong" className="bad wrongp" role="alert">
            A phrase may have {MOST_CHARACTERS} characters, and this one has {phrase.length}. Search for a part of it.
          </p>
        )}
      </form>
    </search>
  );
}
