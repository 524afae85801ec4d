import type { RegisteredWebhook } from "../clients/elevenlabs/webhook-source.ts";

/** The name and the host of a webhook. Without the rest of its address: a path may contain a key. */
export function named({ name, url }: RegisteredWebhook): string {
  const host = URL.canParse(url) ? new URL(url).host : "no address";
  return name === null ? host : `${name}, ${host}`;
}
