/** A person's number or id as it may stand in a log or an error: its last two characters, and no more. */
export function maskedUser(userId: string): string {
  return userId.length < 6 ? "…" : `…${userId.slice(-2)}`;
}
