/** A person's number or id for a log or an error: its last two characters only. */
export function maskedUser(userId: string): string {
  return userId.length < 6 ? "…" : `…${userId.slice(-2)}`;
}
