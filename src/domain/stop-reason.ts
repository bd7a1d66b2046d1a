/** Why the implementing part stopped. Everything but `finished` is said on the pull request or the issue. */
export type StopReason =
  | 'finished'
  | 'turn-limit'
  | 'time-limit'
  | 'budget'
  | 'model-unavailable'
  | 'model-misconfigured'
  | 'model-refused'
  | 'loop'
  | 'malformed-calls'
  | 'no-repair-found'
  | 'no-failing-test'
  | 'cancelled';
