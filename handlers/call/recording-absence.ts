/**
 * Why a call has no recording.
 *
 * - `off`: ElevenLabs recorded nothing: `has_audio` is false, or the call was a text chat or shorter than a second. The
 *   recording is never requested.
 * - `waiting`: ElevenLabs has none yet. It is requested again.
 * - `not_produced`: a day after the call ElevenLabs still had none.
 * - `deleted`: ElevenLabs no longer has the conversation.
 * - `not_decodable`: the delivered recording, or the one that ElevenLabs sent a day after the call, is not an MP3.
 */
export type RecordingAbsence = "off" | "waiting" | "not_produced" | "deleted" | "not_decodable";
