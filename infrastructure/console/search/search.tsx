import "./search.css";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { facetsQuery } from "../api/queries.ts";
import { shortId } from "../parts/format.ts";
import { type AddressChange, useAddress } from "../shell/address.ts";
import { Hits } from "./hits.tsx";
import { PhraseQuestions } from "./phrase-questions.tsx";
import { SearchForm } from "./search-form.tsx";
import { isSearchable, searchIn } from "./search-query.ts";

/** Who said a phrase, in which context. The search is in the address. */
export default function Search() {
  const [parameters, change] = useAddress();
  const search = useMemo(() => searchIn(parameters), [parameters]);
  const { from, to } = search;
  const agents = useQuery(facetsQuery({ from, to })).data?.["agent"];
  const agentNames = useMemo(() => namesOf(agents ?? []), [agents]);
  const results = useRef<HTMLElement>(null);
  const latest = useRef(change);
  latest.current = change;
  const changeSearch = (changes: AddressChange) => change({ ...changes, sel: undefined }, true);
  // The same function for every render, so that a step through the hits does not render them all.
  const select = useCallback((sel: string) => latest.current({ sel }), []);
  return (
    <div className="page">
      <h1 className="vh">Search what was said</h1>
      <SearchForm
        search={search}
        change={changeSearch}
        onSearch={(phrase) => {
          if (phrase !== search.phrase) changeSearch({ phrase });
          // The keys of the list work from here.
          if (phrase !== "") results.current?.focus();
        }}
        agentNames={agentNames}
      />
      <div className={isSearchable(search.phrase) ? "sg" : ""}>
        <section ref={results} className="found" tabIndex={-1} aria-label="Hits">
          <Hits
            search={search}
            change={changeSearch}
            agentNames={agentNames}
            selected={parameters.get("sel")}
            select={select}
          />
        </section>
        {isSearchable(search.phrase) && <PhraseQuestions search={search} />}
      </div>
    </div>
  );
}

/** The names of agents by id. An agent without a name has its id. */
function namesOf(agents: readonly { readonly value: unknown; readonly name: unknown }[]): ReadonlyMap<string, string> {
  return new Map(
    agents
      .filter(({ value }) => typeof value === "string" && value !== "")
      .map(({ value, name }) => [String(value), name ? String(name) : shortId(String(value))] as const)
      .sort(([, one], [, other]) => one.localeCompare(other)),
  );
}
