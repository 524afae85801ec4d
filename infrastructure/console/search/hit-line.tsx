import { Link } from "wouter";
import { durationText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import type { Line } from "./call-hits.ts";
import { type Excerpt, excerptOf, placesOf } from "./phrase.ts";

/** How much of a long entry is shown, in UTF-16 units: of a hit, before its first mark, and of an entry beside it. */
const SHOWN = { hit: 480, lead: 160, beside: 200 };

/** Where a hit is in the address, so that the view returns to it. */
function hitId(call: string, turn: number): string {
  return `${call}:${turn}`;
}

/** One entry. A hit opens the call at its turn, and plays it. */
export function HitLine(props: {
  readonly call: string;
  readonly line: Line;
  readonly phrase: string;
  readonly onFocus: (id: string) => void;
}) {
  const { call, line, phrase, onFocus } = props;
  const isHit = line.kind === "hit";
  const content = (
    <>
      <span className="pb">{isHit && <Icon name="play" />}</span>
      <span className="at">{durationText(line.seconds)}</span>
      <span className="who">{speakerText(line.role)}</span>
      <Words excerpt={shownOf(line, phrase)} />
    </>
  );
  if (!isHit) return <div className="ln">{content}</div>;
  const id = hitId(call, line.turn);
  return (
    <Link
      className={`ln is ${line.role ?? ""}`}
      href={`/calls/${encodeURIComponent(call)}?turn=${line.turn}&play=1`}
      title="Open the call here, and play it"
      data-hit={id}
      onFocus={() => onFocus(id)}
    >
      {content}
    </Link>
  );
}

function Words({ excerpt: { text, places, isCutBefore, isCutAfter } }: { readonly excerpt: Excerpt }) {
  let end = 0;
  const marked = places.map((place) => {
    const before = text.slice(end, place.start);
    end = place.end;
    return { before, words: text.slice(place.start, place.end), start: place.start };
  });
  return (
    <bdi className="tx">
      {isCutBefore && "… "}
      {marked.map(({ before, words, start }) => (
        <span key={start}>
          {before}
          <mark className="said">{words}</mark>
        </span>
      ))}
      {text.slice(end)}
      {isCutAfter && " …"}
    </bdi>
  );
}

/** The part of an entry that is shown: around the first mark of a hit, and nearest to the hit beside it. */
function shownOf({ kind, message }: Line, phrase: string): Excerpt {
  if (kind === "before") return excerptOf(message, [], message.length - SHOWN.beside, SHOWN.beside);
  if (kind === "after") return excerptOf(message, [], 0, SHOWN.beside);
  const places = placesOf(phrase, message);
  const from = message.length <= SHOWN.hit ? 0 : (places[0]?.start ?? 0) - SHOWN.lead;
  return excerptOf(message, places, from, Math.max(SHOWN.hit, phrase.length + SHOWN.lead * 2));
}

function speakerText(role: string | null): string {
  return role === "agent" ? "Agent" : role === "user" ? "Caller" : (role ?? "Unknown");
}
