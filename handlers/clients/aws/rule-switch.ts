/** Switches a scheduled rule on and off. Both may be repeated. */
export interface RuleSwitch {
  readonly name: string;
  enable(): Promise<void>;
  disable(): Promise<void>;
}
