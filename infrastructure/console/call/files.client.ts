/** What is wrong with a file, and what to do. */
export interface FileProblem {
  readonly title: string;
  readonly text: string;
}

/**
 * The bytes of a recording, as they arrive.
 *
 * @throws {Error} if the archive does not send it.
 */
export async function recordingBytes(
  url: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { body, ok, status } = await fetch(url, { signal });
  if (!ok || !body) throw new Error(`The recording was answered with status ${status}`);
  return body;
}

/** The text of a file; `undefined` if the archive does not send it. */
export async function fileText(url: string): Promise<string | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok ? response.text() : undefined;
}

/** Why the browser could not play a recording: what the archive answers to a request for its first byte. */
export async function recordingProblem(url: string): Promise<FileProblem> {
  const response = await fetch(url, { headers: { range: "bytes=0-0" } }).catch(() => undefined);
  if (!response) return { title: "The archive does not answer", text: "Start it, and reload the page." };
  if (response.ok)
    return { title: "The browser cannot play this recording", text: "Export it as MP3, and open it in a player." };
  const { title, detail } = await response.json().catch(() => ({}));
  return { title: title ?? "The recording cannot be read", text: detail ?? `The archive answered ${response.status}.` };
}
