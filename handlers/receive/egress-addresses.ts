/** The addresses from which ElevenLabs sends webhooks, by workspace region (elevenlabs.io, Webhooks, 2026-11). */
export const EGRESS_ADDRESSES: readonly string[] = [
  // United States
  "34.67.146.145",
  "34.59.11.47",
  // Europe
  "35.204.38.71",
  "34.147.113.54",
  // Asia
  "35.185.187.110",
  "35.247.157.189",
  // Residency in the European Union
  "34.77.234.246",
  "34.140.184.144",
  // Residency in India
  "34.93.26.174",
  "34.93.252.69",
  // Residency in Singapore
  "34.87.23.17",
  "34.126.179.103",
];
