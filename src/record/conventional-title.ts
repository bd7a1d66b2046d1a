import type { PublishableText } from '../domain/ids.ts';
import { plainLine } from '../text/publishable.ts';
import type { RunRecord } from './run-record.ts';

const titleMax = 200;
const typed = /^(?:feat|fix|docs|test|ci|chore|refactor|perf|build|style|revert)(?:\([^)]*\))?!?: /;
const bug =
  /\b(?:bugs?|fix(?:es|ed)?|errors?|crash(?:es|ed)?|fail(?:s|ed|ure)?|wrong|broken|missing|incorrect|regression|exception)\b/i;

const kinds: readonly { readonly type: string; readonly matches: (path: string) => boolean }[] = [
  { type: 'docs', matches: (path) => /\.(?:md|mdx|rst|adoc|txt)$|^docs?\//i.test(path) },
  { type: 'ci', matches: (path) => path.startsWith('.github/') },
  {
    type: 'test',
    matches: (path) =>
      /(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.[a-z]+$|(?:^|\/)test_[^/]+\.py$/i.test(path),
  },
];

/** A title by https://www.conventionalcommits.org: the type by rules on files, evidence and words, never by a model. */
export function conventionalTitle(record: RunRecord, title: PublishableText): PublishableText {
  if (typed.test(title)) return title;
  const [first = '', ...rest] = title;
  return plainLine(`${typeOf(record)}: ${first.toLowerCase()}${rest.join('')}`, titleMax);
}

function typeOf(record: RunRecord): string {
  const paths = record.files.map(({ path }) => path);
  const only = kinds.find(({ matches }) => paths.length > 0 && paths.every(matches));
  if (only) return only.type;
  const failedBefore = record.baseline?.results.some(({ outcome }) => outcome === 'failed') ?? false;
  return failedBefore || bug.test(record.run.input.title) ? 'fix' : 'feat';
}
