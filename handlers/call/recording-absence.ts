/**
 * Why a call has no recording.
 *
 * - `off`: ElevenLabs recorded nothing: it says so, or the call was a text chat or no second long. It is never asked.
 * - `waiting`: ElevenLabs has none yet, and is asked again.
 * - `not_produced`: a day after the call ElevenLabs still had none.
 * - `deleted`: ElevenLabs does not know the conversation any more.
 * - `not_decodable`: what was delivered, or what ElevenLabs still sent after a day, is no MP3.
 */
export type RecordingAbsence = "off" | "waiting" | "not_produced" | "deleted" | "not_decodable";
