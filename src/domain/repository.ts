/** A repository on the forge. `id` is what authority and tokens are bound to: names can change. */
export interface RepositoryRef {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** From the payload; its origin decides protocol and credential scope. `file:` only in local mode. */
  readonly cloneUrl: string;
  /** Page for people. */
  readonly htmlUrl: string;
  readonly private: boolean;
  readonly defaultBranch: string;
}

/** Who did something on GitHub. `id` is stable, `login` is not. */
export interface Actor {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization' | 'Mannequin' | 'Enterprise' | 'Unknown';
}

/** An account that is gone, as GitHub shows it: of a type that no rule trusts. */
export const ghost: Actor = { id: 0, login: 'ghost', type: 'Unknown' };

/**
 * A collaborator's `role_name`. `unknown` stands for a custom role we cannot judge: it fails closed.
 * The legacy `permission` field is never read: it maps maintain to write and triage to read.
 */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin' | 'unknown';

/** Roles that may push. */
export const writingRoles: ReadonlySet<Role> = new Set(['write', 'maintain', 'admin']);
