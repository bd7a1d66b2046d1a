import type { Count } from './count.ts';
import type { Block } from './markdown-blocks.ts';

/** The link reference definitions and footnotes that the text really uses. */
export interface Definitions {
  dropUnused(prose: string, count: Count): string;
}

const definition = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*\[(\^?)([^[\]\n]{1,999})\]:(.*)$/;
/** The part after the colon: a target, then perhaps the beginning of a title. Other text makes no definition. */
const shaped = /^[ \t]*(<[^<>]*>|[^ \t]+)?[ \t]*(["'(].*)?$/;
const nestedLabel = /^[ \t>]*\[[^\n]{0,999}\]:[ \t]*(?:\S+[ \t]*)?["'(#]/;

/** Collects which labels are referred to, so that a definition that shows nothing can be told from one that does. */
export function readDefinitions(blocks: readonly Block[]): Definitions {
  const used = new Set<string>();
  for (const block of blocks) if (block.kind === 'prose') collectUses(block.text, used);
  return { dropUnused: (prose, count) => dropUnused(prose, used, count) };
}

function collectUses(prose: string, used: Set<string>): void {
  for (const line of prose.split('\n')) {
    const defined = definition.exec(line);
    const body = defined ? (defined[3] ?? '') : line;
    for (const match of body.matchAll(/\[([^[\]\n]{1,999})\]/g)) used.add(normalise(match[1] ?? ''));
  }
}

function normalise(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** What the next line may still be: the target or title of a definition, or the rest of a title. */
type Expecting = 'nothing' | 'target' | 'title' | 'rest';

interface Judged {
  readonly text?: string;
  readonly dropped?: string;
  readonly expecting: Expecting;
}

function dropUnused(prose: string, used: ReadonlySet<string>, count: Count): string {
  const shown: string[] = [];
  let expecting: Expecting = 'nothing';
  for (const line of prose.split('\n')) {
    const judged = judgeLine(line, used, expecting);
    expecting = judged.expecting;
    if (judged.dropped !== undefined) count(judged.dropped);
    if (judged.text !== undefined) shown.push(judged.text);
  }
  return shown.join('\n');
}

function judgeLine(line: string, used: ReadonlySet<string>, expecting: Expecting): Judged {
  if (/^[ \t>]*$/.test(line)) return { text: line, expecting: 'nothing' };
  if (expecting === 'rest') return { expecting };
  if (expecting === 'target') return { expecting: 'title' };
  if (expecting === 'title' && /^[ \t>]*["'(]/.test(line)) {
    return { dropped: 'link titles', expecting: /["')][ \t]*$/.test(line) ? 'nothing' : 'rest' };
  }
  const match = definition.exec(line);
  // A footnote's text is free; a link's target and title are not.
  if (match && (match[1] === '^' || shaped.test(match[3] ?? ''))) return judgeDefinition(line, match, used);
  if (nestedLabel.test(line)) return { dropped: 'unused link definitions', expecting: 'title' };
  return { text: line, expecting: 'nothing' };
}

function judgeDefinition(line: string, match: RegExpExecArray, used: ReadonlySet<string>): Judged {
  const [, caret = '', label = '', rest = ''] = match;
  const isUsed = used.has(normalise(caret + label));
  if (caret !== '') {
    return isUsed ? { text: line, expecting: 'nothing' } : { dropped: 'unused footnotes', expecting: 'rest' };
  }
  const [, target = '', title = ''] = shaped.exec(rest) ?? [];
  const expecting = expected(target, title);
  if (!isUsed) return { dropped: 'unused link definitions', expecting };
  if (title === '') return { text: line, expecting: target === '' ? 'nothing' : 'title' };
  return { text: `[${label}]: ${target}`, dropped: 'link titles', expecting };
}

function expected(target: string, title: string): Expecting {
  if (target === '') return 'target';
  if (title === '') return 'title';
  return /["')][ \t]*$/.test(title.slice(1)) ? 'nothing' : 'rest';
}
