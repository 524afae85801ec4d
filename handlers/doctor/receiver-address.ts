/** Where the archive takes deliveries, and when it is. */
export interface ReceiverAddress {
  /** `undefined` where it is not known: on a laptop, behind a tunnel. */
  readonly url: string | undefined;
  readonly now: Date;
}
