import { type ReactNode, useId } from "react";
import { Link } from "wouter";
import { questionAddress, type Scope } from "./scope.ts";

/** A part of the overview. Its saved query is at the right, so that every number can be asked again. */
export function Section(props: {
  readonly title: string;
  readonly question: string;
  readonly scope: Scope;
  readonly className: string;
  readonly legend?: ReactNode;
  readonly children: ReactNode;
}) {
  const { title, question, scope, className, legend, children } = props;
  const id = useId();
  return (
    <section className={`sec ${className}`} aria-labelledby={id}>
      <div className="sech">
        <h2 id={id}>{title}</h2>
        {legend}
        <Link className="q" href={questionAddress(question, scope)} title="The saved query of these numbers">
          {question}
        </Link>
      </div>
      {children}
    </section>
  );
}

/** What stands where a part has nothing to show. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className="t3">{children}</p>;
}
