import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Days } from "./report.ts";

/** A part of the page: its title, what is beside it, and the saved query that it is from. */
export function Section(props: {
  readonly id?: string;
  readonly title: string;
  readonly className: string;
  readonly beside?: ReactNode;
  readonly question?: string;
  readonly range?: Days;
  readonly button?: ReactNode;
  readonly children: ReactNode;
}) {
  const { id, title, className, beside, question, range, button, children } = props;
  return (
    <section className={`sec ${className}`} id={id} aria-label={title}>
      <div className="sech">
        <h2>{title}</h2>
        {beside && <span className="t3">{beside}</span>}
        {question && range && (
          <Link className="q" href={`/ask/${question}?${new URLSearchParams({ ...range })}`}>
            {question}
          </Link>
        )}
        {button && <span className="do">{button}</span>}
      </div>
      {children}
    </section>
  );
}
