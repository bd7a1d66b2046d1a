import type { RepositoryAddress } from '../domain/forge.ts';
import type { Run } from '../domain/run.ts';

/** The run's repository, as the forge ports want it. */
export function addressOf(run: Run): RepositoryAddress {
  const { id, owner, name } = run.repository;
  return { installationId: run.installationId, repositoryId: id, owner, name, runId: run.id };
}
