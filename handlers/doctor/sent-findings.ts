import type { PostCallSettings } from "../clients/elevenlabs/webhook-source.ts";
import { type DoctorFinding, note, ok, wrong } from "./doctor-finding.ts";

/** Where ElevenLabs' pages have the settings that are looked at here. */
export const WHERE = "under Agents → Settings → Post-call webhook";

/**
 * Finds whether what is sent after a call is what the archive needs. `urls`: where it is sent, and ours. `where`: in which
 * settings a person changes it.
 */
export function sentFindings(
  settings: PostCallSettings,
  urls: readonly (string | undefined)[],
  where = WHERE,
): DoctorFinding[] {
  return [transcript(settings, where), failures(settings, where), audio(settings, urls.some(isOfLambda), where)];
}

/** Whether a function takes what is posted to `url`: then no delivery may be longer than 6 MB. */
export function isOfLambda(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /\.(execute-api|lambda-url)\./.test(new URL(url).hostname);
}

function transcript(settings: PostCallSettings, where: string): DoctorFinding {
  const { events, transcriptFormat = "json", isTranscriptLeftOut } = settings;
  if (events && !events.includes("transcript"))
    return wrong("transcript", "not sent: no call arrives", `choose it ${where}`);
  if (transcriptFormat !== "json") {
    const detail = `sent as ${transcriptFormat}, which is kept and not understood`;
    return wrong("transcript", detail, `choose JSON ${where}; backfill fetches the calls until then`);
  }
  if (isTranscriptLeftOut)
    return wrong("transcript", "sent without what was said", `switch off that the transcript is left out ${where}`);
  return events ? ok("transcript", "sent") : notSubscribed("transcript");
}

function failures({ events }: PostCallSettings, where: string): DoctorFinding {
  const subject = "call_initiation_failure";
  if (events === null) return notSubscribed(subject);
  if (events.includes(subject)) return ok(subject, "sent");
  return wrong(subject, "not sent: attempts that failed are lost, since nobody else has them", `choose it ${where}`);
}

function audio({ events, isAudioSent }: PostCallSettings, isForLambda: boolean, where: string): DoctorFinding {
  const isSent = isAudioSent || events?.includes("audio") === true;
  if (!isSent) return ok("audio", "not sent: recordings are fetched");
  if (!isForLambda) return ok("audio", "sent");
  const detail =
    "sent to a function, which takes 6 MB at once: recordings of more than about 4 min 54 s fail, and may disable the webhook";
  return wrong("audio", detail, `switch it off ${where}: recordings are fetched over the API, whatever their length`);
}

function notSubscribed(event: string): DoctorFinding {
  return note(event, "ElevenLabs does not say whether it is sent");
}
