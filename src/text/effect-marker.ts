import type { PublishableText } from '../domain/ids.ts';

/**
 * The hidden marker by which a comment of ours is found again after a crash. GitHub has no idempotency key for
 * comments; what cannot stand in a comment is replaced, always in the same way.
 */
export function effectMarker(runId: string, key: string): PublishableText {
  return `<!-- pullwright:run=${markerValue(runId)} effect=${markerValue(key)} -->` as PublishableText;
}

/** The hidden marker of the one control issue of a repository. */
export function controlMarker(repositoryId: number): PublishableText {
  return effectMarker('none', `control:${repositoryId}`);
}

function markerValue(value: string): string {
  return value
    .replace(/[^A-Za-z0-9._:/-]/g, '_')
    .replace(/--+/g, (run) => '_'.repeat(run.length))
    .replace(/^[->]|-$/g, '_');
}
