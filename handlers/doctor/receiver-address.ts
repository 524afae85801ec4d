/** The address of the archive's receiver, and the time of the check. */
export interface ReceiverAddress {
  /** `undefined` if it is not known: on a laptop, behind a tunnel. */
  readonly url: string | undefined;
  readonly now: Date;
}
