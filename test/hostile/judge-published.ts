import MarkdownIt from 'markdown-it';
import { hiddenCanaries } from '../support/canaries.ts';

const renderer = new MarkdownIt({ html: true, linkify: true });

/** What may stand in a published text besides inert words. */
export interface Allowed {
  /** Page of the repository: links go below it. */
  readonly repositoryUrl: string;
  readonly numbers: readonly number[];
}

/** HTML that our own templates write; anything else came from elsewhere. */
const ownHtml =
  /^(?:<details><summary>|<\/summary>|<details>|<\/details>|<summary>|<sub>|<\/sub>|<b>|<\/b>|<br>|<!-- pullwright:[\w:=. -]+ -->)$/;
const unseen = new RegExp(
  [
    String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f]`,
    String.raw`[\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb]`,
    String.raw`[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]`,
  ].join('|'),
  'u',
);

/**
 * What in a Markdown text would act, link or carry something out, as a renderer sees it. Independent of the filter: it
 * asks markdown-it, and knows GitHub's own syntax (mentions, references, commands) only outside of code.
 */
export function findActive(text: string, allowed: Allowed): readonly string[] {
  const found: string[] = [...findCanaries(text)];
  if (unseen.test(text)) found.push('an invisible character');
  for (const token of renderer.parse(text, {})) found.push(...activeBlock(token, allowed));
  return found;
}

type Token = ReturnType<typeof renderer.parse>[number];

function activeBlock({ type, content, info, children }: Token, allowed: Allowed): readonly string[] {
  if (type === 'html_block') return foreignHtml(content);
  if (type === 'fence' && /^(mermaid|math|geojson|topojson|stl|suggestion)\b/i.test(info))
    return [`a drawing: ${info}`];
  if (type !== 'inline') return [];
  return [
    ...(children ?? []).flatMap((child) => activeInline(child, allowed)),
    ...activeWords(wordsOf(children ?? []), allowed),
  ];
}

function activeInline(child: Token, allowed: Allowed): readonly string[] {
  if (child.type === 'image') return [`an image: ${child.attrGet('src')}`];
  if (child.type === 'link_open') return foreignLink(String(child.attrGet('href') ?? ''), allowed);
  return child.type === 'html_inline' ? foreignHtml(child.content) : [];
}

/** One line without markup: a title, a commit subject. */
export function findActiveLine(text: string): readonly string[] {
  const found = [...findCanaries(text)];
  if (unseen.test(text) || /\n/.test(text)) found.push('a character that is not of one line');
  if (/(?:^|[^\w.])@\w/.test(text)) found.push(`a mention: ${text}`);
  if (/#\d|\bGH-\d/i.test(text)) found.push(`a reference: ${text}`);
  if (/:\/\/|[<>`]/.test(text)) found.push(`markup: ${text}`);
  if (/\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i.test(text)) found.push(`skips CI: ${text}`);
  return found;
}

/** Any sixteen characters in a row of a canary, in any of ten encodings. */
export function findCanaries(text: string): readonly string[] {
  const bare = text.replace(/[^A-Za-z0-9%\\]/g, '');
  return hiddenCanaries.flatMap(({ name, encoding, hidden }) => {
    const needle = hidden.replace(/[^A-Za-z0-9%\\]/g, '');
    // The middle: what all keys of a kind begin with is no secret.
    const middle = Math.max(0, Math.floor(needle.length / 2) - 8);
    return bare.includes(needle.slice(middle, middle + 16)) ? [`${name} in ${encoding}`] : [];
  });
}

function foreignHtml(html: string): readonly string[] {
  const tags = html.match(/<!--[\s\S]*?(?:-->|$)|<[^>]*>?/g) ?? [];
  return tags.filter((tag) => !ownHtml.test(tag)).map((tag) => `HTML: ${tag.slice(0, 100)}`);
}

function foreignLink(href: string, { repositoryUrl, numbers }: Allowed): readonly string[] {
  const issue = /\/(?:issues|pull)\/(\d+)/.exec(href)?.[1];
  const isOwn = href === repositoryUrl || href.startsWith(`${repositoryUrl}/`);
  const isFine = isOwn && !href.includes('/..') && (issue === undefined || numbers.includes(Number(issue)));
  return isFine ? [] : [`a link: ${href}`];
}

function wordsOf(children: readonly { readonly type: string; readonly content: string }[]): string {
  return children
    .map(({ type, content }) => {
      if (type === 'text') return content;
      if (type === 'softbreak' || type === 'hardbreak') return '\n';
      return type === 'code_inline' ? ' · ' : '';
    })
    .join('');
}

function activeWords(words: string, { numbers }: Allowed): readonly string[] {
  const references = [...words.matchAll(/(?<!\w)(?:[\w.-]+\/[\w.-]+)?#(\d+)/g)]
    .filter(([whole, number]) => !whole.startsWith('#') || !numbers.includes(Number(number)))
    .map(([whole]) => `a reference: ${whole}`);
  const mention = /(?<![\w`])@[A-Za-z0-9][\w-]*/.exec(words)?.[0];
  const command = /^\s*\/[a-z][\w-]*/m.exec(words)?.[0];
  return [
    ...references,
    ...(/\bGH-\d+/.test(words) ? ['a reference: GH-'] : []),
    ...(mention === undefined ? [] : [`a mention: ${mention}`]),
    ...(command === undefined ? [] : [`a command: ${command.trim()}`]),
  ];
}
