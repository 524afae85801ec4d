import type { ComponentProps } from "react";
import { Icon } from "../parts/icon.tsx";

/** A list of choices, with a sign that it opens. */
export function Select({ className = "", ...rest }: ComponentProps<"select">) {
  return (
    <span className={`selbox ${className}`}>
      <select {...rest} className={`sel ${className}`} />
      <Icon name="down" />
    </span>
  );
}
