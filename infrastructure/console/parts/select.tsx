import type { ComponentProps } from "react";
import { Icon } from "./icon.tsx";

/** A field with choices. It needs an `aria-label`, or a label around it. */
export function Select({ className = "", ...props }: ComponentProps<"select">) {
  return (
    <span className="selw">
      <select className={`sel ${className}`} {...props} />
      <Icon name="down" />
    </span>
  );
}
