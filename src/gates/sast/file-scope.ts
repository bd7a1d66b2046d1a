import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { bare, type Dialect, functionAround, methodOf, objectOf, stringOf, walk } from './dialect.ts';
import { importedNames } from './imported-names.ts';

interface Assigned {
  readonly scope: number | null;
  readonly at: number;
  readonly value: SyntaxNode;
  readonly joins: boolean;
  /** The name got one part of the value: `const { name } = req.query`. */
  readonly part: boolean;
}

/** Nodes of Java that say what type a name has. */
const typed = new Set(['formal_parameter', 'local_variable_declaration', 'field_declaration']);
const depthMax = 12;
/** What is added to a text in a long chain of statements. */
const valuesMax = 6;

/** What the names of one file stand for: imports, and the values they were given, innermost function first. */
export class FileScope {
  readonly dialect: Dialect;
  readonly #imports: ReadonlyMap<string, string>;
  readonly #assigned = new Map<string, Assigned[]>();
  /** By name the types that it is declared with, where the language has them. */
  readonly #types = new Map<string, string[]>();

  constructor(dialect: Dialect, root: SyntaxNode) {
    this.dialect = dialect;
    this.#imports = importedNames(dialect, root);
    for (const node of walk(root)) {
      this.#note(node);
      if (typed.has(node.type)) this.#noteType(node);
    }
  }

  #note(node: SyntaxNode): void {
    const fields = this.dialect.assignments[node.type];
    if (!fields) return;
    const targets = listed(node.childForFieldName(fields[0]));
    const values = listed(node.childForFieldName(fields[1]));
    const scope = functionAround(this.dialect, node)?.id ?? null;
    const joins = node.type.startsWith('augmented') || node.childForFieldName('operator')?.text === '+=';
    for (const [index, target] of targets.entries()) {
      // A call that gives several values stands alone: all of them come from it.
      const value = values[index] ?? values[0];
      const part = target.type !== 'identifier';
      for (const name of value ? boundNames(target) : []) {
        const list = this.#assigned.get(name) ?? [];
        if (value) list.push({ scope, at: node.startIndex, value, joins, part });
        this.#assigned.set(name, list);
      }
    }
  }

  /** `Statement st` in a list of parameters, a method or a class. */
  #noteType(node: SyntaxNode): void {
    const declared = node.childForFieldName('type');
    const type = `${this.qualified(declared) || (declared?.text ?? '')}()`;
    for (const one of [node, ...node.childrenForFieldName('declarator')]) {
      const name = one?.childForFieldName('name')?.text;
      if (name === undefined) continue;
      this.#types.set(name, [...(this.#types.get(name) ?? []), type]);
    }
  }

  /** Declared as a number or a yes or no wherever it is, in a language that holds to it. */
  isNumber(name: SyntaxNode): boolean {
    const types = this.#types.get(name.text) ?? [];
    return types.length > 0 && types.every((type) => numberType.test(type.slice(0, -2)));
  }

  /** Values that a name may have where it is used: of the nearest function that assigns it; its own ones before the use. */
  valuesOf(name: SyntaxNode): readonly SyntaxNode[] {
    return this.#givenTo(name).map(({ value }) => value);
  }

  #givenTo(name: SyntaxNode): readonly Assigned[] {
    const all = this.#assigned.get(name.text) ?? [];
    const own = functionAround(this.dialect, name);
    for (let at = own; ; at = at && functionAround(this.dialect, at)) {
      const here = all.filter((one) => one.scope === (at?.id ?? null));
      const seen = at === own ? here.filter((one) => one.at < name.startIndex) : here;
      const last = seen.findLastIndex(({ joins }) => !joins);
      if (seen.length > 0) return seen.slice(Math.max(0, last)).slice(-valuesMax);
      if (at === null || parameterNames(at).includes(name.text)) return [];
    }
  }

  /** The text of a plain string, also by a name that was given one. */
  textOf(node: SyntaxNode | undefined): string | undefined {
    const text = stringOf(node);
    if (text !== undefined || node?.type !== 'identifier') return text;
    const values = this.valuesOf(node);
    return values.length === 1 ? stringOf(values[0]) : undefined;
  }

  /** `os.path.join` for `p.join` after `import os.path as p`; the result of a call ends in `()`. */
  qualified(node: SyntaxNode | null, depth = 0): string {
    if (!node || depth > depthMax) return '';
    const at = bare(node);
    const member = this.dialect.members[at.type];
    if (member) {
      const object = this.qualified(at.childForFieldName(member[0]), depth + 1);
      return `${object}.${at.childForFieldName(member[1])?.text ?? ''}`;
    }
    if (this.dialect.calls.includes(at.type)) return `${this.calleeOf(at, depth + 1)}()`;
    if (at.type === 'identifier') return this.#nameOf(at, depth);
    return at.type === 'import' || at.type === 'this' ? at.text : this.#typeOf(at);
  }

  #typeOf(node: SyntaxNode): string {
    const at = node.type === 'generic_type' ? (node.namedChildren[0] ?? node) : node;
    if (at.type === 'type_identifier') return this.#imports.get(at.text) ?? at.text;
    return /^scoped_(?:type_)?identifier$/.test(at.type) ? at.text : '';
  }

  /** The function gives the name a value of its own, whatever is imported under it. */
  #isOwn(name: SyntaxNode): boolean {
    const own = functionAround(this.dialect, name);
    const all = this.#assigned.get(name.text) ?? [];
    return own !== null && all.some(({ scope, at }) => scope === own.id && at < name.startIndex);
  }

  calleeOf(call: SyntaxNode, depth = 0): string {
    if (call.type === 'method_invocation') {
      const object = objectOf(call);
      return object ? `${this.qualified(object, depth)}.${methodOf(call)}` : methodOf(call);
    }
    const callee =
      call.childForFieldName('function') ??
      call.childForFieldName('constructor') ??
      call.childForFieldName('type');
    const name = this.qualified(callee, depth);
    // `require('x')` stands for the module.
    if (name !== 'require') return name;
    const [first] = call.childForFieldName('arguments')?.namedChildren ?? [];
    return first?.type === 'string' ? `${first.text.slice(1, -1).replace(/^node:/, '')}#require` : name;
  }

  /** The type that a name was declared with last, or the name itself. */
  #declared(name: SyntaxNode): string {
    return this.#types.get(name.text)?.at(-1) ?? name.text;
  }

  #nameOf(name: SyntaxNode, depth: number): string {
    const imported = this.#imports.get(name.text);
    if (imported !== undefined && !this.#isOwn(name)) return imported;
    const given = this.#givenTo(name).at(-1);
    if (!given || given.part || depth > depthMax) return this.#declared(name);
    const target = bare(given.value);
    const named = this.dialect.calls.includes(target.type) || this.dialect.members[target.type] !== undefined;
    const qualified = named ? this.qualified(target, depth + 1) : '';
    return qualified === '' ? this.#declared(name) : qualified.replace(/#require\(\)$/, '');
  }
}

/** `a, b` of Go one by one; everything else as it is. */
function listed(node: SyntaxNode | null): readonly SyntaxNode[] {
  if (node?.type !== 'expression_list') return node ? [node] : [];
  return node.namedChildren.filter((one): one is SyntaxNode => one !== null);
}

/** The names that an assignment gives a value; of a pattern those that get a part of it. */
function boundNames(target: SyntaxNode): readonly string[] {
  if (target.type === 'identifier') return [target.text];
  if (target.type !== 'object_pattern') return [];
  return target.namedChildren.flatMap((child) => {
    if (child?.type === 'shorthand_property_identifier_pattern') return [child.text];
    const value = child?.type === 'pair_pattern' ? child.childForFieldName('value') : null;
    const first = child?.type === 'object_assignment_pattern' ? child.childForFieldName('left') : value;
    return first && /identifier/.test(first.type) ? [first.text] : [];
  });
}

const numberType =
  /^(?:number|boolean|bool|int|float|long|short|double|byte|Integer|Long|Short|Double|Float|Boolean|(?:uuid\.|java\.util\.)?UUID|datetime|date)$/;

/** Declared as a number, a yes or no, or an identifier: a framework has turned away everything else. */
export function isNumberParameter(parameter: SyntaxNode): boolean {
  return numberType.test((parameter.childForFieldName('type')?.text ?? '').replace(/^:\s*/, ''));
}

/** Names of a function's parameters, defaults and types left out. */
export function parameterNames(fn: SyntaxNode): readonly string[] {
  const single = fn.childForFieldName('parameter');
  const list = fn.childForFieldName('parameters')?.namedChildren ?? (single ? [single] : []);
  return list.flatMap((parameter) => {
    if (!parameter) return [];
    if (parameter.type === 'identifier') return [parameter.text];
    const name =
      parameter.childForFieldName('name') ??
      parameter.childForFieldName('pattern') ??
      parameter.childForFieldName('left') ??
      parameter.namedChildren[0];
    if (!name) return [];
    return name.type === 'identifier'
      ? [name.text]
      : [...walk(name)].filter(({ type }) => /identifier/.test(type)).map(({ text }) => text);
  });
}
