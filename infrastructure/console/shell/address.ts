import { useSearchParams } from "wouter";

/** Values in the address. `undefined` removes one. */
export type AddressChange = Readonly<Record<string, string | undefined>>;

/**
 * The parameters of the address, and a function that changes some of them. The state of a view is in the address, so that
 * a colleague can open the same view. A change replaces the entry in the history, unless `isStep`.
 */
export function useAddress(): readonly [URLSearchParams, (change: AddressChange, isStep?: boolean) => void] {
  const [parameters, setParameters] = useSearchParams();
  const change = (changes: AddressChange, isStep = false) => {
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined || value === "") after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: !isStep },
    );
  };
  return [parameters, change];
}
