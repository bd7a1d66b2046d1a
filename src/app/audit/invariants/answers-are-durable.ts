import type { Invariant } from '../invariant.ts';

/**
 * GitHub's list says what we answered; without it only the database's own settings can be judged. What was answered
 * more than three days ago is not listed any more.
 */
export const answersAreDurable: Invariant = {
  id: 'I2',
  title: 'an answer to GitHub means that the delivery is stored for good',
  kind: 'whole',
  needs: '',
  partly: 'without an App only the durability of the database is checked; kills are the crash suite’s',
  async check({ reads, attempted }) {
    const listed = attempted ? await attempted() : [];
    const taken = listed.filter(({ acknowledged }) => acknowledged).map(({ guid }) => guid);
    const missing = await reads.missingDeliveries([...new Set(taken)]);
    return [
      ...missing.map((guid) => `delivery ${guid} was answered with success and is not stored`),
      ...(await reads.volatileSettings()).map((what) => `the database may lose commits: ${what}`),
    ];
  },
};
