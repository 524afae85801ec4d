/** Where the archive takes deliveries, and when it is. */
export interface LocalReceiver {
  /** `undefined` where it is not known: on a laptop, behind a tunnel. */
  readonly url: string | undefined;
  readonly now: Date;
}
