import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { isFixedAddress } from './address-parts.ts';
import { checksAddressByName } from './call-names.ts';
import { bare, functionAround, walk } from './dialect.ts';
import type { FileScope } from './file-scope.ts';
import type { ValueContext } from './judge-value.ts';
import { isPlainAnswer } from './plain-answers.ts';
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
const roundsMax = 3;

/** Whether a condition in the same function, before it, asks about a name that the value is made of or that is made of it. */
function isGuarded(scope: FileScope, value: SyntaxNode, later: boolean): boolean {
  const within = functionAround(scope.dialect, value) ?? value.tree.rootNode;
  const names = kinOf(scope, value, within);
  for (const node of walk(within)) {
    if (node.startIndex > value.startIndex && !later) return false;
    if (conditions.has(node.type) && asksAbout(scope, node, names)) return true;
  }
  return false;
}

/** Roots that everything of a request is read from: of these the whole path counts, `req.query.next`. */
const roots = new Set([
  'req',
  'request',
  'ctx',
  'event',
  'context',
  'self',
  'flask',
  'this',
  'res',
  'response',
]);

function* namesIn(scope: FileScope, node: SyntaxNode): Generator<string> {
  if (node.type === 'identifier') yield node.text;
  if (scope.dialect.members[node.type] && roots.has(/^\w+/.exec(node.text)?.[0] ?? '')) {
    yield node.text;
    return;
  }
  for (const child of node.namedChildren) if (child) yield* namesIn(scope, child);
}

/** `parsed` after `parsed = urlparse(url)`: who asks about it asks about `url`. */
function kinOf(scope: FileScope, value: SyntaxNode, within: SyntaxNode): ReadonlySet<string> {
  const names = new Set(namesIn(scope, value));
  const given = [...walk(within)].flatMap((node) => assignedIn(scope, node));
  for (let round = 0; round < roundsMax; round += 1) {
    for (const { target, from } of given) if (from.some((name) => names.has(name))) names.add(target);
  }
  return names;
}

interface Given {
  readonly target: string;
  readonly from: readonly string[];
}

function assignedIn(scope: FileScope, node: SyntaxNode): readonly Given[] {
  const fields = scope.dialect.assignments[node.type];
  if (!fields) return [];
  const [target, value] = [node.childForFieldName(fields[0]), node.childForFieldName(fields[1])];
  if (target?.type !== 'identifier' || !value) return [];
  return [{ target: target.text, from: [...namesIn(scope, value)].filter((name) => !roots.has(name)) }];
}

function asksAbout(scope: FileScope, node: SyntaxNode, names: ReadonlySet<string>): boolean {
  const condition =
    node.childForFieldName('condition') ??
    node.childForFieldName('value') ??
    node.namedChildren[node.type === 'conditional_expression' ? 1 : 0];
  if (!condition || !checks.test(condition.text)) return false;
  return [...namesIn(scope, condition)].some((asked) => [...names].some((name) => isAsked(asked, name)));
}

/** `req.query.next.startsWith('/')` asks about `req.query.next`. */
function isAsked(asked: string, name: string): boolean {
  const whole = name.replace(/\.get$/, '');
  return asked === whole || (asked.startsWith(whole) && /^[.[(?]/.test(asked.slice(whole.length)));
}

const guardable: readonly SastClass[] = ['open-redirect', 'ssrf', 'path-traversal', 'xss', 'code-injection'];
/** `if (!resolved.startsWith(root))` stands behind what joins the path. */
const guardedLater: readonly SastClass[] = ['path-traversal'];

/** Somebody asked about the value, the address cannot leave its host, or what is answered is no page. */
export function isHarmless(context: ValueContext, rule: SastClass, value: SyntaxNode): boolean {
  const { scope } = context;
  if (guardable.includes(rule) && isGuarded(scope, value, guardedLater.includes(rule))) return true;
  if (rule === 'xss') return isPlainAnswer(scope, value);
  if (rule === 'path-traversal') return isCutPath(scope, value);
  const address = rule === 'ssrf' || rule === 'open-redirect';
  return address && (isChecked(scope, value) || isFixedAddress(context, value, rule === 'open-redirect'));
}

/** `redirect(safe_target(u))`. */
function isChecked(scope: FileScope, value: SyntaxNode): boolean {
  return originsOf(scope, value).some(
    (node) => scope.dialect.calls.includes(node.type) && checksAddressByName(scope.calleeOf(node)),
  );
}

/** `path.replace(/\.\./g, '')`. */
function isCutPath(scope: FileScope, value: SyntaxNode): boolean {
  return originsOf(scope, value).some((node) => /replace(?:All)?\([^)]{0,20}\\?\.\\?\./.test(node.text));
}

/** The expression, and what its name was given. */
function originsOf(scope: FileScope, value: SyntaxNode): readonly SyntaxNode[] {
  const at = bare(value);
  return at.type === 'identifier' ? [at, ...scope.valuesOf(at).map(bare)] : [at];
}
