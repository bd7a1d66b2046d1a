/** A command as it stands in a comment. */
export interface Command {
  /** Lower case; the empty string when nothing follows `/agent`. May be no verb that we know. */
  readonly word: string;
  /** What follows the word, to the end of the comment. */
  readonly text: string;
}

/**
 * The first line that starts with `/agent`, outside code, quotations and HTML comments. A comment gives one
 * command; everything after it is that command's text.
 */
export function parseCommand(comment: string): Command | undefined {
  const lines = comment.replaceAll('\r\n', '\n').split('\n');
  let hidden: Hidden = { kind: 'none' };
  for (const [index, line] of lines.entries()) {
    const before: Hidden = hidden;
    hidden = after(line, before);
    const match = before.kind === 'none' ? commandLine.exec(line) : null;
    if (match === null) continue;
    const rest = [match[2] ?? '', ...lines.slice(index + 1)].join('\n');
    return { word: (match[1] ?? '').toLowerCase(), text: rest.trim() };
  }
  return undefined;
}

/** Up to three spaces, as Markdown allows before every kind of line; four make a code block. */
const commandLine = /^ {0,3}\/agent(?:[ \t]+([^\s]{1,40}))?(?:[ \t]+(.*)|[ \t]*)$/i;

/** What the next line stands in. */
type Hidden =
  | { readonly kind: 'none' }
  | { readonly kind: 'fence'; readonly marker: string }
  | { readonly kind: 'comment' }
  /** A paragraph of a quotation goes on without its mark until it ends. */
  | { readonly kind: 'quote' }
  | { readonly kind: 'raw'; readonly tag: string };

function after(line: string, hidden: Hidden): Hidden {
  switch (hidden.kind) {
    case 'fence':
      return closesFence(line, hidden.marker) ? { kind: 'none' } : hidden;
    case 'comment':
      return afterComment(line, line.indexOf('-->'));
    case 'raw':
      return line.toLowerCase().includes(`</${hidden.tag}>`) ? { kind: 'none' } : hidden;
    case 'quote':
      return line.trim() === '' || isQuote(line) || startsBlock.test(line) ? afterPlain(line) : hidden;
    case 'none':
      return afterPlain(line);
    default:
      return hidden;
  }
}

function afterPlain(line: string): Hidden {
  const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
  if (fence !== undefined) return { kind: 'fence', marker: fence };
  if (isQuote(line)) return /^ {0,3}>\s*$/.test(line) ? { kind: 'none' } : { kind: 'quote' };
  const tag = /^ {0,3}<(pre|script|style|textarea)(?=[\s>]|$)/i.exec(line)?.[1]?.toLowerCase();
  if (tag !== undefined && !line.toLowerCase().includes(`</${tag}>`)) return { kind: 'raw', tag };
  return afterOpening(line);
}

/** What ends a paragraph without an empty line. */
const startsBlock = /^ {0,3}(?:`{3,}|~{3,}|#{1,6}(?:\s|$)|<[a-z!/?]|[-*+](?:\s|$)|\d{1,9}[.)](?:\s|$))/i;

function isQuote(line: string): boolean {
  return /^ {0,3}>/.test(line);
}

function closesFence(line: string, marker: string): boolean {
  const found = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return found !== undefined && found[0] === marker[0] && found.length >= marker.length;
}

function afterOpening(line: string): Hidden {
  const open = line.indexOf('<!--');
  if (open === -1) return { kind: 'none' };
  return afterComment(line, line.indexOf('-->', open + 4));
}

/** `end` is where the comment closes in this line; another one may open behind it. */
function afterComment(line: string, end: number): Hidden {
  return end === -1 ? { kind: 'comment' } : afterOpening(line.slice(end + 3));
}
