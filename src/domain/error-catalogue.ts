import type { Disposition } from './app-error.ts';

interface CatalogueEntry {
  readonly disposition: Disposition;
  /** One line for people: what is wrong, in plain words. */
  readonly title: string;
}

/**
 * Every error code, its disposition and its title. A heading of the same code stands in `docs/errors.md` and
 * says what to do; a test compares the two.
 */
export const errorCatalogue = {
  'config-invalid': { disposition: 'fail', title: 'A setting is not valid' },
  'requirement-missing': { disposition: 'fail', title: 'The machine lacks something that is needed' },
  'postgres-unavailable': { disposition: 'retry', title: 'The database cannot be reached' },
  'journal-broken': { disposition: 'needs-human', title: 'The hash chain of a journal is broken' },
  'lease-lost': { disposition: 'retry', title: 'Another worker has taken the run over' },
  'run-cancelled': { disposition: 'fail', title: 'The run was stopped' },
  'github-unavailable': { disposition: 'retry', title: 'GitHub did not answer' },
  'github-rate-limited': { disposition: 'retry', title: 'GitHub asked us to wait' },
  'github-forbidden': { disposition: 'needs-human', title: 'GitHub refused: a permission is missing' },
  'github-not-found': {
    disposition: 'fail',
    title: 'GitHub does not know this repository, issue or pull request',
  },
  'github-rejected': { disposition: 'fail', title: 'GitHub refused the request' },
  'repository-empty': { disposition: 'fail', title: 'The repository is empty' },
  'repository-archived': { disposition: 'fail', title: 'The repository is archived' },
  'repository-binary': { disposition: 'fail', title: 'The repository holds no text files' },
  'repository-too-large': { disposition: 'fail', title: 'The repository has too many files' },
  'git-failed': { disposition: 'retry', title: 'A git command failed' },
  'git-moved': { disposition: 'needs-human', title: 'The branch moved while the run was working' },
  'tree-refused': { disposition: 'fail', title: 'The change holds something that is never pushed' },
  'sandbox-unavailable': { disposition: 'needs-human', title: 'No sandbox engine works on this machine' },
  'sandbox-failed': { disposition: 'retry', title: 'The sandbox could not be started' },
  'disk-full': { disposition: 'needs-human', title: 'The disk is full' },
  'model-unavailable': { disposition: 'retry', title: 'No model of the chain answers' },
  'model-misconfigured': { disposition: 'needs-human', title: 'A model or its key is not set up correctly' },
  'budget-exhausted': { disposition: 'needs-human', title: 'The budget is used up' },
  'person-awaited': { disposition: 'needs-human', title: 'The run waits for a person' },
  'checks-awaited': { disposition: 'needs-human', title: 'The run waits for checks of others' },
  internal: { disposition: 'retry', title: 'Something unexpected happened inside Pullwright' },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof errorCatalogue;
