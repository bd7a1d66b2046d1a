import type { FileTokens } from './file-facts.ts';

const hashComment = /\.(?:py|rb|sh|bash|pl|r|yml|yaml|toml)$/i;

/**
 * Splits code into tokens without comments and white space, fast enough for a whole repository: one pass of a pattern
 * that cannot backtrack, because each branch begins with another character. Strings are one token.
 */
export function readTokens(path: string, text: string): FileTokens {
  const isHash = hashComment.test(path);
  const pattern = isHash ? hashTokens : slashTokens;
  const source = text.replace(isHash ? pythonImport : otherImport, (found) => found.replace(/[^\n]+/g, ' '));
  pattern.lastIndex = 0;
  const hashes: number[] = [];
  const lines: number[] = [];
  let line = 1;
  let codeLines = 0;
  for (let match = pattern.exec(source); match; match = pattern.exec(source)) {
    const [token] = match;
    if (match[1] === undefined && match[2] === undefined) {
      if (lines.at(-1) !== line) codeLines += 1;
      hashes.push(hashOf(token));
      lines.push(line);
    }
    if (token.includes('\n')) line += countBreaks(token);
  }
  return { hashes: Int32Array.from(hashes), lines: Int32Array.from(lines), codeLines };
}

// Everybody imports the same things: that is no copy.
const pythonImport = /^[ \t]*(?:from[ \t]+\S+[ \t]+)?import[ \t]+(?:\([^)]*\)|[^\n]*)/gm;
const otherImport =
  /^(?:import|export)\b[^;'"`()=]*['"][^'"\n]*['"];?|^(?:import|package|use|using|#include)\b[^\n({]*$|^import \([^)]*\)|^(?:const|let|var)\b[^;'"`()\n]*= require\([^)\n]*\);?/gm;

// 1: white space; 2: comment.
const slashTokens =
  /(\s+)|(\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|`(?:[^`\\]|\\[^])*`?|[\w$]+|[^]/g;
const hashTokens =
  /(\s+)|(#[^\n]*)|"""(?:[^"\\]|\\[^]|"(?!""))*(?:"""|$)|'''(?:[^'\\]|\\[^]|'(?!''))*(?:'''|$)|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|\w+|[^]/g;

/** FNV-1a, 32 bits. */
function hashOf(token: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < token.length; at++) hash = Math.imul(hash ^ token.charCodeAt(at), 0x01000193);
  return hash | 0;
}

function countBreaks(token: string): number {
  let count = 0;
  for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) count += 1;
  return count;
}
