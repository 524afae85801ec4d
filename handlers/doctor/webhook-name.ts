import type { RegisteredWebhook } from "../clients/elevenlabs/webhook-source.ts";

/** A webhook by its name and host. Not by its whole address: a path may hold a key, and findings are logged. */
export function named({ name, url }: RegisteredWebhook): string {
  const host = URL.canParse(url) ? new URL(url).host : "no address";
  return name === null ? host : `${name}, ${host}`;
}
