import type { Actor } from '../domain/repository.ts';

/** Anyone can copy a title, a label or a marker, and a person may have a name like ours: the account decides. */
export function isOwnAccount({ login, type }: Actor, botLogin: string): boolean {
  return type !== 'User' && login.toLowerCase() === botLogin.toLowerCase();
}
