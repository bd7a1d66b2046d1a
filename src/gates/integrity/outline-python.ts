import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { type StatementSyntax, statementsIn, statementsOf } from './outline-statements.ts';
import {
  lineOf,
  newReader,
  type OutlineReader,
  outlineOf,
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

const syntax: StatementSyntax = {
  compounds,
  blocks: new Set(['block', 'else_clause', 'finally_clause']),
  isBody: (type) => /^block$|_clause$/.test(type) && type !== 'with_clause',
  isIdle: (node) => node.type === 'pass_statement' || isDocString(node),
  assertion,
  exits,
};

interface Place {
  readonly titles: readonly string[];
  readonly header: string;
  readonly isSkipped: boolean;
}

/** Tests of Python files: pytest and unittest. */
export function outlinePython(root: SyntaxNode): TestOutline {
  const reader = newReader();
  const isSkipped = /^pytestmark\b.*\bskip/m.test(root.text);
  readBlock(root, { titles: [], header: '', isSkipped }, reader);
  return outlineOf(reader);
}

function readBlock(block: SyntaxNode, place: Place, reader: OutlineReader): void {
  for (const node of block.namedChildren) {
    if (!node || node.type === 'comment') continue;
    if (node.type.startsWith('import')) readImport(node, reader);
    else readMember(node, place, reader);
  }
}

function readImport(node: SyntaxNode, reader: OutlineReader): void {
  const from = node.childForFieldName('module_name')?.text ?? '';
  for (const [index, child] of node.children.entries()) {
    if (child && node.fieldNameForChild(index) === 'name') reader.imports.add(`${from} ${wordsOf(child)}`);
  }
}

function readMember(node: SyntaxNode, place: Place, reader: OutlineReader): void {
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
      statements: statementsIn(body, syntax),
    });
  } else {
    // Two classes may have a `setUp` each: the place is part of what they say.
    const prefix = place.titles.length === 0 ? '' : `${place.titles.join('.')}: `;
    reader.rest.push(...statementsOf(node, syntax).map((one) => ({ ...one, text: prefix + one.text })));
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

function isDocString(node: SyntaxNode): boolean {
  return (
    node.type === 'expression_statement' && node.namedChildren.every((child) => child?.type === 'string')
  );
}
