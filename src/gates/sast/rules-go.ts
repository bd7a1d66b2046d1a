import type { SinkRule } from './sink-rule.ts';

/** Methods of `database/sql`, sqlx, pgx, gorm and pg whose text is a query: the first argument, or the one behind a context. */
const query =
  /(?:^|\.|\))(?:[dD][bB]|[tT]x|[cC]onn|[pP]ool|stmt|database|sqlDB|dbx)(?:\(\))?\.(?:Query|QueryRow|QueryOne|QueryRowx?|Queryx|QueryEx|QueryRowEx|Exec|ExecOne|ExecEx|MustExec|Prepare|Preparex|PrepareEx|NamedExec|NamedQuery|Raw)$|(?:database\/sql|sqlx|pgx(?:\/v\d)?|pgxpool|pg(?:\/v\d+)?|gorm)\.\w+\(\)(?:\.\w+\(\))*\.(?:Query|QueryRow|QueryOne|Exec|ExecOne|Prepare|Raw)$/;
const queryWithContext =
  /(?:^|\.|\))(?:QueryContext|QueryRowContext|QueryOneContext|ExecContext|PrepareContext|QueryxContext)$/;
const isContext = /^(?:ctx|c|[\w.]*[cC]ontext(?:\(\))?|context\.\w+\(\))$/;

export const goSinks: readonly SinkRule[] = [
  // A program and its arguments are no shell: the program, and what a shell is told, matter.
  { rule: 'command-injection', callee: /^os\/exec\.Command$/, args: [0], least: 'tainted' },
  { rule: 'command-injection', callee: /^os\/exec\.CommandContext$/, args: [1], least: 'tainted' },
  {
    rule: 'command-injection',
    callee: /^os\/exec\.Command$/,
    args: [2],
    least: 'unknown',
    text: { arg: 1, is: /^(?:-\w*c|\/c)$/i },
  },
  {
    rule: 'command-injection',
    callee: /^os\/exec\.CommandContext$/,
    args: [3],
    least: 'unknown',
    text: { arg: 2, is: /^(?:-\w*c|\/c)$/i },
  },
  {
    rule: 'command-injection',
    callee: /^syscall\.(?:Exec|ForkExec|StartProcess)$/,
    args: [0, 1],
    least: 'tainted',
  },

  { rule: 'sql-injection', callee: query, args: [0], least: 'built' },
  { rule: 'sql-injection', callee: query, args: [1], least: 'built', option: { name: '#0', is: isContext } },
  { rule: 'sql-injection', callee: queryWithContext, args: [1], least: 'built' },

  {
    rule: 'xss',
    callee: /^html\/template\.(?:HTML|HTMLAttr|JS|JSStr|CSS|URL|Srcset)$/,
    args: [0],
    least: 'tainted',
  },
  {
    rule: 'xss',
    callee: /^(?:fmt\.Fprint(?:f|ln)?|io\.WriteString)$/,
    args: [1, 2, 3],
    least: 'tainted',
    text: { arg: 1, is: /</ },
  },
  { rule: 'ssrf', callee: /^net\/http\.(?:Get|Post|Head|PostForm)$/, args: [0], least: 'tainted' },
  { rule: 'ssrf', callee: /^net\/http\.NewRequest$/, args: [1], least: 'tainted' },
  { rule: 'ssrf', callee: /^net\/http\.NewRequestWithContext$/, args: [2], least: 'tainted' },
  {
    rule: 'ssrf',
    callee: /(?:^|\.)(?:http)?[cC]lient\.(?:Get|Post|Head|PostForm)$/,
    args: [0],
    least: 'tainted',
  },
  { rule: 'open-redirect', callee: /^net\/http\.Redirect$/, args: [2], least: 'tainted' },
  {
    rule: 'path-traversal',
    callee:
      /^(?:os\.(?:Open|OpenFile|ReadFile|Create|Remove|RemoveAll|WriteFile)|io\/ioutil\.(?:ReadFile|WriteFile))$/,
    args: [0],
    least: 'tainted',
  },
  { rule: 'path-traversal', callee: /^net\/http\.ServeFile$/, args: [2], least: 'tainted' },

  {
    rule: 'weak-crypto',
    callee: /^crypto\/(?:des\.New(?:TripleDES)?Cipher|rc4\.NewCipher)$/,
    least: 'constant',
  },
  {
    rule: 'weak-crypto',
    callee: /^crypto\/rsa\.GenerateKey$/,
    least: 'constant',
    option: { name: '#1', is: /^(?:[1-9]\d{0,2}|1\d{3}|20[0-3]\d|204[0-7])$/ },
  },
];
