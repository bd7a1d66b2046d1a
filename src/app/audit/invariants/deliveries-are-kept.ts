import type { Invariant } from '../invariant.ts';

/** GitHub lists a delivery some minutes before or after it makes it, and reconciliation runs every few minutes. */
const graceMs = 15 * 60_000;

export const deliveriesAreKept: Invariant = {
  id: 'I1',
  title: 'no delivery is lost',
  kind: 'whole',
  needs: 'an App is configured',
  async check({ reads, attempted }) {
    if (!attempted) return null;
    const listed = await attempted();
    const newest = Math.max(0, ...listed.map(({ at }) => at.getTime()));
    // What we answered with success is I2's.
    const answered = new Set(listed.filter((one) => one.acknowledged).map(({ guid }) => guid));
    const due = listed.filter(({ guid, at }) => at.getTime() < newest - graceMs && !answered.has(guid));
    const missing = await reads.missingDeliveries([...new Set(due.map(({ guid }) => guid))]);
    return missing.map((guid) => `GitHub attempted delivery ${guid}, which is not stored`);
  },
};
