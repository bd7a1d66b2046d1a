import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import {
  lineOf,
  type OutlinedStatement,
  type OutlinedTest,
  type TestOutline,
  wordsOf,
} from './test-outline.ts';

const skips = /\b(?:skip|skipif|skipIf|skipUnless|skip_unless|xfail|expectedFailure|SkipTest)\b/;
const assertion =
  /^(?:assert\b|self \. (?:assert\w*|fail\w*) \(|cls \. assert\w* \(|with .*\b(?:raises|warns|assert\w+) \(|pytest \. (?:raises|fail|warns) \()|\. (?:assert_\w+|check_\w+) \(|^(?:np|numpy|pd|tm)(?: \. \w+)* \. assert\w* \(/;
const exits =
  /^(?:return\b|(?:sys \. |os \. )?_?exit \(|quit \(|raise (?:unittest \. )?SkipTest|raise SystemExit|(?:self \. skipTest|pytest \. (?:skip|xfail|exit|importorskip)) \()/;
const compounds: Readonly<Record<string, string>> = {
  if_statement: 'if',
  elif_clause: 'if',
  for_statement: 'for',
  while_statement: 'while',
  try_statement: 'try',
  except_clause: 'except',
  with_statement: 'with',
  match_statement: 'match',
  case_clause: 'match',
};

interface Reader {
  readonly tests: OutlinedTest[];
  readonly rest: OutlinedStatement[];
  readonly imports: Set<string>;
}

interface Place {
  readonly titles: readonly string[];
  readonly header: string;
  readonly isSkipped: boolean;
}

/** Tests of Python files: pytest and unittest. */
export function outlinePython(root: SyntaxNode): TestOutline {
  const reader: Reader = { tests: [], rest: [], imports: new Set() };
  const isSkipped = /^pytestmark\b.*\bskip/m.test(root.text);
  readBlock(root, { titles: [], header: '', isSkipped }, reader);
  const rest = {
    title: '',
    line: 1,
    isSkipped: false,
    isExclusive: false,
    header: '',
    statements: reader.rest,
  };
  return { tests: [...reader.tests, rest], imports: reader.imports };
}

function readBlock(block: SyntaxNode, place: Place, reader: Reader): void {
  for (const node of block.namedChildren) {
    if (!node || node.type === 'comment') continue;
    if (node.type.startsWith('import')) readImport(node, reader);
    else readMember(node, place, reader);
  }
}

function readImport(node: SyntaxNode, reader: Reader): void {
  const from = node.childForFieldName('module_name')?.text ?? '';
  for (const [index, child] of node.children.entries()) {
    if (child && node.fieldNameForChild(index) === 'name') reader.imports.add(`${from} ${wordsOf(child)}`);
  }
}

function readMember(node: SyntaxNode, place: Place, reader: Reader): void {
  const isDecorated = node.type === 'decorated_definition';
  const definition = isDecorated ? node.childForFieldName('definition') : node;
  const body = definition?.childForFieldName('body');
  const own = placeOf(place, definition, isDecorated ? decoratorsOf(node) : '');
  if (definition && body && isTestClass(definition, body)) readBlock(body, own, reader);
  else if (definition && body && isTestFunction(definition)) {
    reader.tests.push({
      title: own.titles.join(' > '),
      line: lineOf(definition),
      isSkipped: own.isSkipped,
      isExclusive: false,
      header: own.header,
      statements: childStatements(body, []),
    });
  } else {
    // Two classes may have a `setUp` each: the place is part of what they say.
    const prefix = place.titles.length === 0 ? '' : `${place.titles.join('.')}: `;
    reader.rest.push(...statementsOf(node, []).map((one) => ({ ...one, text: prefix + one.text })));
  }
}

function placeOf(place: Place, definition: SyntaxNode | null, decorators: string): Place {
  return {
    titles: [...place.titles, nameIn(definition)],
    header: [place.header, decorators].filter((text) => text !== '').join(' '),
    isSkipped: place.isSkipped || skips.test(decorators),
  };
}

function nameIn(definition: SyntaxNode | null): string {
  return definition?.childForFieldName('name')?.text ?? '';
}

function isTestFunction(definition: SyntaxNode): boolean {
  return definition.type === 'function_definition' && /^test/i.test(nameIn(definition));
}

function isTestClass(definition: SyntaxNode, body: SyntaxNode): boolean {
  return definition.type === 'class_definition' && /^\s*(?:async\s+)?def\s+test/im.test(body.text);
}

function decoratorsOf(node: SyntaxNode): string {
  return node.namedChildren
    .filter((child) => child?.type === 'decorator')
    .map((child) => (child ? wordsOf(child) : ''))
    .join(' ');
}

function childStatements(block: SyntaxNode, guards: readonly string[]): readonly OutlinedStatement[] {
  return block.namedChildren.flatMap((child) => (child ? statementsOf(child, guards) : []));
}

function statementsOf(node: SyntaxNode, guards: readonly string[]): readonly OutlinedStatement[] {
  if (node.type === 'comment' || node.type === 'pass_statement' || isDocString(node)) return [];
  if (node.type === 'block' || node.type === 'else_clause' || node.type === 'finally_clause') {
    return childStatements(node, guards);
  }
  const guard = compounds[node.type];
  if (guard === undefined) return [leaf(node, wordsOf(node), guards)];
  const blocks = node.namedChildren.filter(
    (child) => child && /^block$|_clause$/.test(child.type) && child.type !== 'with_clause',
  );
  const end = blocks[0]?.startIndex ?? node.endIndex;
  const header = node.children
    .filter((child) => child !== null && child.endIndex <= end)
    .map((child) => (child ? wordsOf(child) : ''))
    .join(' ');
  return [
    leaf(node, header, guards),
    ...blocks.flatMap((child) => (child ? statementsOf(child, [...guards, guard]) : [])),
  ];
}

function isDocString(node: SyntaxNode): boolean {
  return (
    node.type === 'expression_statement' && node.namedChildren.every((child) => child?.type === 'string')
  );
}

function leaf(node: SyntaxNode, text: string, guards: readonly string[]): OutlinedStatement {
  return {
    text,
    line: lineOf(node),
    isAssertion: assertion.test(text.slice(0, 2_000)),
    isExit: exits.test(text.slice(0, 200)),
    guards,
  };
}
