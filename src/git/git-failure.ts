import { AppError, isAppError } from '../domain/app-error.ts';
import type { ErrorCode } from '../domain/error-catalogue.ts';

const messageCharsMax = 600;

/** What git and its HTTP transport say, in the order in which it decides. Git has no machine-readable failures. */
const remoteFailures: readonly (readonly [RegExp, ErrorCode])[] = [
  [/repository was archived/i, 'repository-archived'],
  [/returned error: 429/, 'github-rate-limited'],
  [
    /returned error: (404|410|30\d)|repository .* not found|does not appear to be a git repository/i,
    'github-not-found',
  ],
  [/repository not found/i, 'github-not-found'],
  [
    /Authentication failed|could not read (Username|Password)|returned error: 40[13]|Permission .*denied/i,
    'github-forbidden',
  ],
  [
    /Could not resolve|Failed to connect|Connection (refused|reset|timed out)|Operation timed out|returned error: 5\d\d|RPC failed/i,
    'github-unavailable',
  ],
  [
    /early EOF|hung up unexpectedly|Empty reply|SSL|TLS|too slow|bytes\/sec|Recv failure|abort|timeout/i,
    'github-unavailable',
  ],
];

/** Whether the forge did not know who asks, other than knowing it and refusing. */
export function isUnauthenticated(error: unknown): boolean {
  const unknown = /Authentication failed|could not read (Username|Password)|returned error: 401/i;
  return isAppError(error, 'github-forbidden') && unknown.test(error.message);
}

const dubiousOwnership = /dubious ownership/;

/** The error of a failed git command: its code from what git printed, its text without any of the secrets. */
export function gitFailure(
  subcommand: string,
  output: string,
  options: { readonly secrets?: readonly string[]; readonly local?: boolean } = {},
): AppError {
  const text = redact(output.trim(), options.secrets ?? []).slice(0, messageCharsMax);
  const code = options.local ? localCode(text) : remoteCode(text);
  const hint = dubiousOwnership.test(text)
    ? 'The repository belongs to another user: start Pullwright as its owner, or change the owner.'
    : undefined;
  return new AppError(code, `git ${subcommand}: ${text}`, hint === undefined ? {} : { hint });
}

function remoteCode(text: string): ErrorCode {
  return remoteFailures.find(([pattern]) => pattern.test(text))?.[1] ?? localCode(text);
}

function localCode(text: string): ErrorCode {
  return /No space left on device|Disk quota exceeded/.test(text) ? 'disk-full' : 'git-failed';
}

/** Removes each secret wherever it stands, then whatever still looks like a credential in a header or a URL. */
function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((redacted, secret) => redacted.replaceAll(secret, '[removed]'), text)
    .replace(/(authorization:\s*)\S.*/gi, '$1[removed]')
    .replace(/(\w+:\/\/)[^\s/@]*@/g, '$1');
}
