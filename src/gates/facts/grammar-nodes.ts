import type { Grammar } from '../../toolchains/syntax-tree.ts';

/** Node types of one grammar that the metrics look at. */
export interface GrammarNodes {
  readonly functions: readonly string[];
  /** What a function's name is qualified with. */
  readonly containers: readonly string[];
  /** Each is one more path through the function. */
  readonly decisions: readonly string[];
  /** Tokens of short-circuit operators. */
  readonly operators: readonly string[];
}

const script: GrammarNodes = {
  functions: [
    'arrow_function',
    'function_declaration',
    'function_expression',
    'generator_function',
    'generator_function_declaration',
    'method_definition',
  ],
  containers: ['class_declaration', 'class', 'internal_module', 'abstract_class_declaration'],
  // As ESLint's rule `complexity` counts: https://eslint.org/docs/latest/rules/complexity
  decisions: [
    'assignment_pattern',
    'catch_clause',
    'do_statement',
    'for_in_statement',
    'for_statement',
    'if_statement',
    'optional_chain',
    'switch_case',
    'ternary_expression',
    'while_statement',
  ],
  operators: ['&&', '||', '??', '&&=', '||=', '??='],
};

const cLike = {
  decisions: [
    'catch_clause',
    'conditional_expression',
    'do_statement',
    'for_statement',
    'if_statement',
    'while_statement',
  ],
  operators: ['&&', '||'],
} as const;

const tables: Readonly<Record<Grammar, GrammarNodes | null>> = {
  javascript: script,
  typescript: script,
  tsx: script,
  bash: null,
  python: {
    functions: ['function_definition'],
    containers: ['class_definition'],
    decisions: [
      'case_clause',
      'conditional_expression',
      'elif_clause',
      'except_clause',
      'for_in_clause',
      'for_statement',
      'if_clause',
      'if_statement',
      'while_statement',
    ],
    operators: ['and', 'or'],
  },
  go: {
    functions: ['func_literal', 'function_declaration', 'method_declaration'],
    containers: [],
    decisions: ['communication_case', 'expression_case', 'for_statement', 'if_statement', 'type_case'],
    operators: cLike.operators,
  },
  java: {
    functions: ['constructor_declaration', 'lambda_expression', 'method_declaration'],
    containers: ['class_declaration', 'enum_declaration', 'interface_declaration', 'record_declaration'],
    decisions: [
      'catch_clause',
      'do_statement',
      'enhanced_for_statement',
      'for_statement',
      'if_statement',
      'switch_label',
      'ternary_expression',
      'while_statement',
    ],
    operators: cLike.operators,
  },
  rust: {
    functions: ['closure_expression', 'function_item'],
    containers: ['impl_item', 'mod_item', 'trait_item'],
    decisions: ['for_expression', 'if_expression', 'match_arm', 'while_expression'],
    operators: cLike.operators,
  },
  ruby: {
    functions: ['method', 'singleton_method'],
    containers: ['class', 'module'],
    decisions: [
      'conditional',
      'elsif',
      'for',
      'if',
      'if_modifier',
      'rescue',
      'unless',
      'unless_modifier',
      'until',
      'when',
      'while',
    ],
    operators: ['&&', '||', 'and', 'or'],
  },
  php: {
    functions: ['anonymous_function', 'arrow_function', 'function_definition', 'method_declaration'],
    containers: ['class_declaration', 'enum_declaration', 'interface_declaration', 'trait_declaration'],
    decisions: [
      ...cLike.decisions,
      'case_statement',
      'else_if_clause',
      'foreach_statement',
      'match_conditional_expression',
    ],
    operators: ['&&', '||', '??', 'and', 'or'],
  },
  'c-sharp': {
    functions: [
      'constructor_declaration',
      'lambda_expression',
      'local_function_statement',
      'method_declaration',
    ],
    containers: ['class_declaration', 'interface_declaration', 'record_declaration', 'struct_declaration'],
    decisions: [...cLike.decisions, 'foreach_statement', 'switch_expression_arm', 'switch_section'],
    operators: ['&&', '||', '??'],
  },
  cpp: {
    functions: ['function_definition', 'lambda_expression'],
    containers: ['class_specifier', 'namespace_definition', 'struct_specifier'],
    decisions: [...cLike.decisions, 'case_statement', 'for_range_loop'],
    operators: cLike.operators,
  },
};

/** Null where functions are not told apart. */
export function nodesOf(grammar: Grammar): GrammarNodes | null {
  return tables[grammar];
}
