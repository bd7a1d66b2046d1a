import type { PublishableText } from '../domain/ids.ts';
import { cutCodePoints, cutMarkdown } from './cut-text.ts';
import { stripInvisible } from './invisible.ts';
import { codeBlock } from './markdown.ts';
import { blocksOf } from './markdown-blocks.ts';
import { neutraliseProse } from './neutralise-prose.ts';
import { redactSecrets } from './secrets.ts';

/** GitHub refuses a body over 65,536 characters with 422; this leaves room for what is added around. */
export const publishedCharsMax = 60_000;

export interface PublishContext {
  /** Page of the repository, without a slash at the end. Links to anywhere else are shown as code. */
  readonly repositoryUrl: string;
  /** Numbers that may stand as references; any other is shown as code, so that it links and closes nothing. */
  readonly allowedIssues?: readonly number[];
  /** Code points; default 60,000. */
  readonly maxChars?: number;
}

/**
 * The output filter for free Markdown: the only way for untrusted text to become publishable with its formatting.
 * Images, HTML, foreign links, mentions, slash commands, references to other issues, headings, invisible characters
 * and credentials are made inert or removed; code stays code in a fence that its content cannot end.
 */
export function publishable(text: string, context: PublishContext): PublishableText {
  const max = Math.min(context.maxChars ?? publishedCharsMax, publishedCharsMax);
  const safe = redactSecrets(stripInvisible(cutCodePoints(text, 2 * publishedCharsMax).text).text).text;
  const parts: string[] = [];
  for (const block of blocksOf(safe, () => undefined)) {
    if (block.kind === 'prose') parts.push(neutraliseProse(block.text, context));
    else parts.push('', codeBlock(block.fence.content.join('\n'), block.fence.language), '');
  }
  const whole = parts
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return cutMarkdown(whole, max, '*(cut: the text was longer than fits here)*') as PublishableText;
}

/** Free text on one line, for a list item, a table cell or a sentence: no block of any kind, `maxChars` 1,000 by default. */
export function field(text: string, context: PublishContext): PublishableText {
  const line = redactSecrets(stripInvisible(text).text)
    .text.replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:#{1,6} )+/, '');
  const cut = cutCodePoints(line, context.maxChars ?? 1_000);
  const inert = neutraliseProse(cut.cutChars > 0 ? `${cut.text}…` : cut.text, context);
  return inert.replace(/^([-+*](?= |$)|[>|=:]|\d{1,9}(?=[.)]))/, (marker) =>
    /\d/.test(marker) ? `${marker}\\` : `\\${marker}`,
  ) as PublishableText;
}

/**
 * In a commit message these keep CI from running, so that a title could skip the checks of its own change.
 * https://docs.github.com/en/actions/managing-workflow-runs/skipping-workflow-runs
 */
const skipsCi = /\[+ *((?:skip|no) ci|ci skip|skip actions|actions skip) *\]+/gi;

/**
 * One line without any markup, for a title or a commit message: no mention, reference, URL or code. A squash merge
 * makes a commit message of a title, so closing keywords must not work there either. `maxChars` default 200.
 */
export function plainLine(text: string, maxChars = 200): PublishableText {
  const line = redactSecrets(stripInvisible(text).text)
    .text.replace(/<!--.*?(?:-->|$)/gs, ' ')
    .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\//gi, '')
    .replace(/@(?=\w)/g, '')
    .replace(/(?:#|\bGH-)(?=\d)/gi, 'no. ')
    .replace(/[`<>]/g, '')
    .replace(/\s+/g, ' ')
    .replace(skipsCi, '$1')
    .trim();
  const cut = cutCodePoints(line, maxChars);
  return (cut.cutChars > 0 ? `${cutCodePoints(line, maxChars - 1).text}…` : line) as PublishableText;
}
