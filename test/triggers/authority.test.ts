import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ActorClass, AuthorityRole, Verb } from '../../src/triggers/authority.ts';
import { decideAuthority } from '../../src/triggers/authority.ts';

interface Cell {
  readonly actor: ActorClass;
  readonly verb: Verb;
  readonly role: AuthorityRole;
  readonly expected: string;
}

/** The table was written from the rule by hand: nothing of it comes from the program. */
function readCells(): readonly Cell[] {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/authority-cells.txt'), 'utf8');
  const [head = '', ...rows] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const roles = head.split(/\s+/).slice(2) as AuthorityRole[];
  return rows.flatMap((row) => {
    const [actor, verb, ...marks] = row.split(/\s+/);
    return marks.map((expected, column) => ({
      actor: actor as ActorClass,
      verb: verb as Verb,
      role: roles[column] as AuthorityRole,
      expected,
    }));
  });
}

const cells = readCells();
const distinct = (values: readonly string[]): number => new Set(values).size;

describe('authority', () => {
  it('has 8 roles x 16 verbs x 5 actors', () => {
    expect(cells.length).toBe(640);
    expect(distinct(cells.map(({ actor, verb, role }) => `${actor} ${verb} ${role}`))).toBe(640);
    expect(distinct(cells.map(({ role }) => role))).toBe(8);
    expect(distinct(cells.map(({ verb }) => verb))).toBe(16);
    expect(distinct(cells.map(({ actor }) => actor))).toBe(5);
    expect(cells.filter(({ expected }) => expected === 'yes').length).toBe(110);
    expect(cells.filter(({ expected }) => expected === 'author').length).toBe(12);
  });

  it.each(cells)('of $verb for $role as $actor: $expected', ({ verb, role, actor, expected }) => {
    const allowed = (isAuthor: boolean): boolean => decideAuthority({ verb, role, actor, isAuthor }).allowed;
    expect(allowed(false)).toBe(expected === 'yes');
    expect(allowed(true)).toBe(expected !== 'no');
  });

  it('says what a role lacks', () => {
    expect(decideAuthority({ verb: 'fix', role: 'read', actor: 'user', isAuthor: true })).toEqual({
      allowed: false,
      because: 'role',
      needs: 'write',
    });
  });
});
