import type { Invariant } from '../invariant.ts';

/** From the turns that the bucket granted in the last week, noted beside what grants them. */
export const writesKeepDistance: Invariant = {
  id: 'I15',
  title: 'writes of an installation keep their distance, and none leaves during a pause',
  kind: 'whole',
  needs: '',
  partly: 'by the times at which writes were let go; reads are not noted',
  check: ({ reads }) => reads.hastyWrites(),
};
