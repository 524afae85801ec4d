import { COUNTRY_CODE } from "../../handlers/call/phone-number.ts";
import type { MemoryServiceOptions } from "../../handlers/clients/memory/memory-service.client.ts";
import { secretsIn } from "../../handlers/receive/secrets-in.ts";

/** A setting is invalid. The message names it and states the valid values. */
export class WrongSetting extends Error {
  override readonly name = "WrongSetting";
}

/** The settings of an archive on this machine, from environment variables. */
export interface Settings {
  readonly folder: string;
  readonly port: number;
  readonly host: string;
  /** Empty if none is set. Then a new one is created and stored in the folder. */
  readonly webhookSecrets: readonly string[];
  readonly toleranceSeconds: number;
  /** Completes national phone numbers. Digits without `+`. */
  readonly defaultCountryCode: string | undefined;
  readonly maxBodyBytes: number;
  /** The limit of bytes that have arrived and are not stored yet. One body is always accepted, whatever its size. */
  readonly maxBytesInFlight: number;
  /** `undefined` if memories are stored in the folder. */
  readonly memoryService: MemoryServiceOptions | undefined;
  readonly elevenLabs: { readonly apiKey: string; readonly baseUrl?: string } | undefined;
}

/**
 * Reads the settings from environment variables; docs/reference.md lists them.
 *
 * @throws WrongSetting
 */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  const memoryKey = env["MEM0_API_KEY"]?.trim();
  const host = webAddress(env, "MEM0_HOST");
  const elevenLabsKey = env["ELEVENLABS_API_KEY"]?.trim();
  const baseUrl = webAddress(env, "ELEVENLABS_API_URL");
  return {
    folder: env["ARCHIVE_DIR"]?.trim() || ".archive",
    port: wholeNumber(env, "PORT", 8787, 65_535),
    host: env["HOST"]?.trim() || "127.0.0.1",
    webhookSecrets: secretsIn(env["ELEVENLABS_WEBHOOK_SECRET"] ?? ""),
    toleranceSeconds: wholeNumber(env, "SIGNATURE_TOLERANCE_SECONDS", 1800, 10 * 365 * 24 * 3600),
    defaultCountryCode: countryCode(env),
    maxBodyBytes: wholeNumber(env, "MAX_BODY_BYTES", 64 * 1024 * 1024, 1024 ** 3),
    maxBytesInFlight: wholeNumber(env, "MAX_BYTES_IN_FLIGHT", 256 * 1024 * 1024, 1024 ** 4),
    memoryService: memoryKey ? { apiKey: memoryKey, ...(host && { host }) } : undefined,
    elevenLabs: elevenLabsKey ? { apiKey: elevenLabsKey, ...(baseUrl && { baseUrl }) } : undefined,
  };
}

function wholeNumber(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: number, most: number) {
  const text = env[name]?.trim();
  if (!text) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) {
    throw new WrongSetting(`${name} is ${JSON.stringify(text)}: it must be a whole number from 0 to ${most}`);
  }
  return value;
}

/** The country code without `+`. */
function countryCode(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const text = env["DEFAULT_COUNTRY_CODE"]?.trim();
  if (!text) return undefined;
  const code = text.replace(/^(\+|00)/, "");
  if (!COUNTRY_CODE.test(code)) {
    throw new WrongSetting(`DEFAULT_COUNTRY_CODE is ${JSON.stringify(text)}: it must be a country code, as 44`);
  }
  return code;
}

/** The address without slashes at its end, which the clients need. */
function webAddress(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new WrongSetting(`${name} is ${JSON.stringify(text)}: it must be an address that begins with https://`);
  }
  return text.replace(/\/+$/, "");
}
