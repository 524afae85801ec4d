/** Parameters of one call. The others are the filter and the order of the list that it is in. */
const OF_ONE_CALL = ["t", "turn", "play", "tab", "sel"] as const;

/** The parameters of the list that a call was opened from. */
function listParameters(parameters: URLSearchParams): URLSearchParams {
  const list = new URLSearchParams(parameters);
  for (const name of [...OF_ONE_CALL, "token"]) list.delete(name);
  return list;
}

/** The address of a call in the list with `parameters`. */
export function callAddress(id: string, parameters: URLSearchParams = new URLSearchParams()): string {
  const list = listParameters(parameters);
  return `/calls/${encodeURIComponent(id)}${list.size > 0 ? `?${list}` : ""}`;
}

/** The address of a list, with the call `id` selected. */
export function listAddress(parameters: URLSearchParams, id: string): string {
  const list = listParameters(parameters);
  list.set("sel", id);
  return `/calls?${list}`;
}
