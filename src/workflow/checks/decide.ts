import type { JudgedCheck } from '../../domain/checks.ts';

/** What follows from others' checks. `why`: one sentence for people; names in it are text of others. */
export interface Decision {
  readonly outcome: 'green' | 'fix' | 'ask';
  readonly why: string;
}

/** How often the work has gone back because of red checks, and how often it may. */
export interface Mending {
  readonly tried: number;
  readonly triesMax: number;
  /** A search has nothing to go by in what CI says. */
  readonly canMend: boolean;
  readonly waitedMinutes: number;
}

/**
 * By rule on states and classes alone. What this change broke is mended a few times; a demanded check that is not
 * green for any other reason is a person's to look at; the rest is said and holds nothing up.
 */
export function decide(checks: readonly JudgedCheck[], mending: Mending): Decision {
  const broken = checks.filter(({ state, class: why }) => state === 'red' && why === 'ours');
  if (broken.length > 0) return mendOrAsk(broken, mending);
  const inTheWay = checks.filter(isInTheWay);
  if (inTheWay.length > 0) {
    return { outcome: 'ask', why: inTheWay.map((check) => reasonOf(check, mending)).join(' ') };
  }
  return { outcome: 'green', why: checks.length === 0 ? 'nothing was reported' : 'nothing is in the way' };
}

function mendOrAsk(broken: readonly JudgedCheck[], mending: Mending): Decision {
  const { tried, triesMax, canMend } = mending;
  const what = `${namesOf(broken)} ${broken.length === 1 ? 'fails' : 'fail'} because of this change`;
  if (!canMend) return { outcome: 'ask', why: `${what}, and what made it cannot read what CI says.` };
  if (tried < triesMax) return { outcome: 'fix', why: `${what}.` };
  return { outcome: 'ask', why: `${what}, also after ${tried} rounds of mending.` };
}

function isInTheWay({ state, required }: JudgedCheck): boolean {
  return state === 'open' || (required && state !== 'green');
}

function reasonOf(check: JudgedCheck, { waitedMinutes }: Mending): string {
  const name = namesOf([check]);
  if (check.state === 'open') return `${name} has not ended within ${waitedMinutes} minutes.`;
  if (check.state === 'missing')
    return `${name} is required, and nobody has reported it within ${waitedMinutes} minutes.`;
  if (check.class === 'red-on-base')
    return `${name} is required and was red before this change: it has to be mended on the base first.`;
  if (check.class === 'flaky') return `${name} is required and flaky: run it again.`;
  return `${name} is required and ended without a result (${check.conclusion}): run it again.`;
}

function namesOf(checks: readonly JudgedCheck[]): string {
  return [...new Set(checks.map(({ name }) => `“${name}”`))].slice(0, 10).join(', ');
}
