import { fieldTree } from "./field-tree.ts";

/**
 * The fields of a failed attempt that were reviewed.
 *
 * From elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks, the parameters of Twilio's status callbacks
 * (twilio.com/docs/voice/api/call-resource) and deliveries of 2025-09 to 2026-11; read 2026-11.
 */
export const FAILURE_FIELDS = fieldTree({
  "": { mapped: ["type", "event_timestamp"] },
  data: {
    mapped: ["agent_id", "conversation_id", "failure_reason", "user_id", "environment", "agent_name", "tag_ids"],
    unmapped: ["branch_id", "version_id"],
  },
  "data.metadata": { mapped: ["type", "call_result", "conversation_initiation_source"] },
  "data.metadata.batch_call": { mapped: ["batch_call_id", "batch_call_recipient_id"] },
  "data.metadata.batch_call.campaign": { mapped: ["campaign_id", "campaign_lead_id"] },
  "data.metadata.body": {
    mapped: ["To", "From", "CallSid", "to_number", "from_number", "call_sid", "call_result"],
    unmapped: [
      ...["CallStatus", "CallDuration", "Duration", "CallbackSource", "Timestamp", "SequenceNumber", "Direction"],
      ...["Called", "CalledCity", "CalledCountry", "CalledState", "CalledZip", "Caller", "CallerCity"],
      ...["CallerCountry", "CallerState", "CallerZip", "FromCity", "FromCountry", "FromState", "FromZip"],
      ...["ToCity", "ToCountry", "ToState", "ToZip", "ApiVersion", "AccountSid", "SipResponseCode", "StirVerstat"],
      ...["AnsweredBy", "ErrorCode", "ErrorMessage", "sip_status_code", "sip_status", "error_reason", "twirp_code"],
    ],
  },
});
