import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { bare, functionAround, stringOf, walk } from './dialect.ts';
import type { FileScope } from './file-scope.ts';
import type { SastClass } from './sast-class.ts';

const checks =
  /is_?(?:safe|valid|allowed|local|same|relative|trusted)|allow(?:ed)?_?(?:list|hosts?|urls?|host_and_scheme)|white_?list|valid(?:ate|ator)|starts_?with|ends_?with|has_allowed|\.(?:includes|has|test|match|fullmatch|indexOf|isdigit|isnumeric|isalnum)\b|\bnot in\b|\bin\b|hasOwnProperty|===|==|!==|!=/i;
const conditions = new Set([
  'if_statement',
  'ternary_expression',
  'conditional_expression',
  'assert_statement',
  'while_statement',
  'match_statement',
  'switch_statement',
]);

/** Whether a condition before it, in the same function, asks about a name that the value is made of. */
function isGuarded(scope: FileScope, value: SyntaxNode): boolean {
  const names = new Set([...walk(value)].filter(({ type }) => type === 'identifier').map(({ text }) => text));
  const within = functionAround(scope.dialect, value) ?? value.tree.rootNode;
  for (const node of walk(within)) {
    if (node.startIndex > value.startIndex) return false;
    if (conditions.has(node.type) && asksAbout(node, names)) return true;
  }
  return false;
}

function asksAbout(node: SyntaxNode, names: ReadonlySet<string>): boolean {
  const condition =
    node.childForFieldName('condition') ??
    node.childForFieldName('value') ??
    node.namedChildren[node.type === 'conditional_expression' ? 1 : 0];
  if (!condition || !checks.test(condition.text)) return false;
  return [...walk(condition)].some(({ type, text }) => type === 'identifier' && names.has(text));
}

const fixedHost = /^(?:https?:)?\/\/[^/{}%$\s"'`]+\/|^https?:\/\/[^/{}%$\s"'`]+[?#]/i;
const fixedPlace = /^\/(?![/\\])|^\.?\/?[\w-]+\/|^[?#]/;

/** Whether the written beginning of an address already says which host it is on. */
function isFixedAddress(scope: FileScope, node: SyntaxNode, local: boolean): boolean {
  const start = writtenStart(scope, node, 0);
  return fixedHost.test(start) || (local && fixedPlace.test(start));
}

/** The part of an expression that its text begins with; null for what has none. */
function beginningOf(scope: FileScope, at: SyntaxNode): SyntaxNode | null {
  if (scope.dialect.joins.includes(at.type)) return at.childForFieldName('left');
  if (!scope.dialect.calls.includes(at.type)) return null;
  if (formatted.test(scope.calleeOf(at))) return at.childForFieldName('arguments')?.namedChildren[0] ?? null;
  return at.childForFieldName('function')?.childForFieldName('object') ?? null;
}

/** Puts its other arguments into the first. */
const formatted = /^fmt\.\w*rint\w*$/;

function writtenStart(scope: FileScope, node: SyntaxNode, depth: number): string {
  const at = bare(node);
  if (depth > 8) return '';
  if (at.type === 'identifier') {
    const [first, ...more] = scope.valuesOf(at);
    return first && more.length === 0 ? writtenStart(scope, first, depth + 1) : '';
  }
  const begins = beginningOf(scope, at);
  if (begins) return writtenStart(scope, begins, depth + 1);
  const text = stringOf(at) ?? (/string/.test(at.type) ? at.text.replace(/^[a-zA-Z]*["'`]+/, '') : '');
  return text;
}

const guardable: readonly SastClass[] = ['open-redirect', 'ssrf', 'path-traversal', 'xss', 'code-injection'];

/** Somebody asked about the value before, or the address cannot leave its host. */
export function isHarmless(scope: FileScope, rule: SastClass, value: SyntaxNode): boolean {
  if (guardable.includes(rule) && isGuarded(scope, value)) return true;
  const address = rule === 'ssrf' || rule === 'open-redirect';
  return address && isFixedAddress(scope, value, rule === 'open-redirect');
}
