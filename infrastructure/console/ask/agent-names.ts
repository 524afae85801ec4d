import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { facetsQuery } from "../api/queries.ts";

/** The names of agents by their ids, as the calls of the days from `from` to `to` have them. */
export function useAgentNames(
  isNeeded: boolean,
  { from, to }: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const days = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const agents = useQuery({ ...facetsQuery(days), enabled: isNeeded }).data?.["agent"];
  return useMemo(() => {
    const named = agents?.filter(({ name }) => typeof name === "string" && name !== "") ?? [];
    return new Map(named.map(({ value, name }) => [String(value), String(name)]));
  }, [agents]);
}
