import type { PostCallSettings } from "../clients/elevenlabs/webhook-source.ts";
import { type DoctorFinding, note, ok, wrong } from "./doctor-finding.ts";

/** The place of the checked settings in ElevenLabs' web pages. */
export const WHERE = "under Agents → Settings → Post-call webhook";

const OPEN_TELEMETRY = "opentelemetry";

/** What JSON has and spans have not (elevenlabs.io, OpenTelemetry traces; captures of 2026-07; read 2026-11). */
const LACKS = "sent as opentelemetry: without evaluations, and with tool parameters and results cut at 4 kB";

/**
 * Returns findings about the events that are sent after a call. `urls`: the address that they are sent to, and ours.
 * `where`: the settings in which a person changes them.
 */
export function sentFindings(
  settings: PostCallSettings,
  urls: readonly (string | undefined)[],
  where = WHERE,
): DoctorFinding[] {
  return [transcript(settings, where), failures(settings, where), audio(settings, urls.some(isOfLambda), where)];
}

/** Whether `url` is that of a Lambda function: then a delivery may have at most 6 MB. */
export function isOfLambda(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /\.(execute-api|lambda-url)\./.test(new URL(url).hostname);
}

function transcript(settings: PostCallSettings, where: string): DoctorFinding {
  const { events, transcriptFormat = "json", isTranscriptLeftOut } = settings;
  if (events && !events.includes("transcript"))
    return wrong("transcript", "not sent: no call arrives", `choose it ${where}`);
  if (transcriptFormat !== "json" && transcriptFormat !== OPEN_TELEMETRY) {
    const detail = `sent as ${transcriptFormat}, which is stored but not processed`;
    return wrong("transcript", detail, `choose JSON ${where}; backfill fetches the calls until then`);
  }
  if (isTranscriptLeftOut)
    return wrong("transcript", "sent without its turns", `switch off the exclusion of the transcript ${where}`);
  if (transcriptFormat === OPEN_TELEMETRY) return note("transcript", LACKS, `choose JSON ${where}`);
  return events ? ok("transcript", "sent") : notSubscribed("transcript");
}

function failures({ events }: PostCallSettings, where: string): DoctorFinding {
  const subject = "call_initiation_failure";
  if (events === null) return notSubscribed(subject);
  if (events.includes(subject)) return ok(subject, "sent");
  return wrong(
    subject,
    "not sent: failed attempts are lost, because they are stored nowhere else",
    `choose it ${where}`,
  );
}

function audio({ events, isAudioSent }: PostCallSettings, isForLambda: boolean, where: string): DoctorFinding {
  const isSent = isAudioSent || events?.includes("audio") === true;
  if (!isSent) return ok("audio", "not sent: recordings are fetched");
  if (!isForLambda) return ok("audio", "sent");
  const detail =
    "sent to a function, which accepts 6 MB per request: recordings of more than about 4 min 54 s fail, and may disable the webhook";
  return wrong("audio", detail, `switch it off ${where}: recordings of any length are fetched from the API`);
}

function notSubscribed(event: string): DoctorFinding {
  return note(event, "ElevenLabs does not report whether it is sent");
}
