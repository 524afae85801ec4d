import type { ReactNode } from "react";
import { Icon, type IconName } from "../parts/icon.tsx";
import { commandText } from "./commands.ts";
import type { Tone, Verdict } from "./verdicts.ts";

const ICONS: Readonly<Record<Tone, IconName>> = { good: "check", warn: "alert", bad: "fail", unknown: "unsure" };

/** One question about the archive, its answer in a sentence, and what the answer is from. */
export function VerdictCard({ verdict, children }: { readonly verdict: Verdict; readonly children?: ReactNode }) {
  const { question, tone, answer, lines, command } = verdict;
  return (
    <section className="sec c4 vd" aria-label={question}>
      <h2>{question}</h2>
      <p className="ans1">
        <Icon name={ICONS[tone]} className={tone} />
        {answer}
      </p>
      <ul className="find1">
        {lines.map(({ tone: ofLine, text, todo }) => (
          <li key={text}>
            <Icon name={ICONS[ofLine]} className={ofLine} />
            <span>
              <bdi>{text}</bdi>
              {todo && <small>{todo}</small>}
            </span>
          </li>
        ))}
      </ul>
      {children}
      <p className="cmdl mono">{commandText(command)}</p>
    </section>
  );
}
