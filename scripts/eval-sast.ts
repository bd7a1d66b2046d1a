// How right the SAST rules are, on a labelled corpus that is not part of this repository:
//   npm run eval:sast -- --corpus PATH [--half dev|held] [--languages python,javascript,typescript,go,java] [--sources] [--misses]
// `--sources`: only those that a value from outside reaches in the same file. The gate blocks these where the class is
// critical or high, and besides what proves itself; see `src/gates/sast-gate.ts`.
// Corpus: a checkout of semgrep/semgrep-rules; its test files say `ruleid: X` above a line that has the weakness and
// `ok: X` above one that looks like it and has not. Files are split into halves by the hash of their name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readHits } from '../src/gates/sast/read-hits.ts';
import type { SastClass, SastHit } from '../src/gates/sast/sast-class.ts';
import { grammarOfPath, parseSyntax } from '../src/toolchains/syntax-tree.ts';
import { emptyRow, filesBelow, halfOf, type Row, show, sumOf } from './eval/labelled-corpus.ts';

/** Which rules of the corpus are of which class; the first that matches counts. What matches none is not ours. */
const classOf: readonly (readonly [RegExp, SastClass])[] = [
  // Go's rules have names of their own; these come first, so that the classes of the others stay as they were.
  [/^(?:string-formatted-query|gosql-sqli|pg-orm-sqli|pgx-sqli|gorm-dangerous)/, 'sql-injection'],
  [/^(?:dangerous-exec-c|dangerous-command-write|dangerous-syscall)/, 'command-injection'],
  [
    /^(?:unsafe-template-type|go-insecure-templates|raw-html-format|no-f?printf|no-io-write|no-direct-write)/,
    'xss',
  ],
  [/^(?:use-of-(?:md5|sha1|rc4|des)|use-of-weak-rsa|insecure-module-used)/, 'weak-crypto'],
  // So have Java's.
  [
    /^(?:jdbc-sqli|jdo-sqli|jpa-sqli|spring-sqli|hibernate-sqli|vertx-sqli|tainted-sqli|find-sql-string)/,
    'sql-injection',
  ],
  [
    /^(?:tainted-system-command|command-injection-process-builder|command-injection-formatted)/,
    'command-injection',
  ],
  [/^(?:dangerous-groovy-shell|el-injection|spel-injection|ognl-injection|script-engine)/, 'code-injection'],
  [/^(?:object-deserialization|insecure-jms|jackson-unsafe|xml-decoder)/, 'deserialization'],
  [/^(?:insecure-trust-manager|insecure-hostname-verifier)/, 'tls-off'],
  [/^(?:documentbuilderfactory|saxparserfactory|transformerfactory|xmlinputfactory)/, 'xxe'],
  [
    /^(?:use-of-(?:aes-ecb|blowfish|default-aes|md5|sha1|rc[24]|weak-rsa)|des-is|desede-is|no-null-cipher|rsa-no-padding|md5-used|weak-ssl|blowfish-)/,
    'weak-crypto',
  ],
  [/^httpservlet-path/, 'path-traversal'],
  [/^no-direct-response-writer/, 'xss'],
  [/tls-disabled|disabled-cert|unverified-ssl|bypass-tls|ssl-wrap-socket/, 'tls-off'],
  [
    /http-not-https|request-with-http|no-auth-over-http|urlopener|urlopen|urlretrieve|request-object|openerdirector|ftplib|telnetlib|grpc-nodejs-insecure/,
    'insecure-transport',
  ],
  [
    /child-process|subprocess|spawn|system-call|os-system|os-exec|asyncio-(?:create-)?(?:exec|shell)|shelljs|bashoperator|paramiko-exec|system-wildcard|deno-dangerous|container-run|dangerous-annotations/,
    'command-injection',
  ],
  [
    /eval|exec-detected|code-exec|user-exec|vm2|vm-runin|vm-compile|code-run|subinterp|sandbox-code|new-function|sandbox-assigned|non-literal-require|require-request|non-literal-import|globals-misuse|template-usage|render-template-string|dangerous-template-string|(?:playwright|puppeteer|phantom|chrome)-.*injection|wkhtmlto|notevil|code-string/,
    'code-injection',
  ],
  [
    /sqli|sql-string|raw-query|sql-injection|sqlalchemy-execute|string-concat|avoid-raw-sql|knex|sequelize-raw/,
    'sql-injection',
  ],
  [/dynamodb|mongo.*inject|nosql/, 'nosql-injection'],
  [/deserial|pickle|pyyaml|ruamel|marshal|shelve|dill|serialize|jsonpickle|insecure-yaml/, 'deserialization'],
  [/ssrf|tainted-url-host|dynamic-urllib|data-exfiltration/, 'ssrf'],
  [/open-redirect/, 'open-redirect'],
  [
    /path-traversal|path-join|non-literal-fs|path-traversal|fileresponse|res-sendfile|file-name/,
    'path-traversal',
  ],
  [/xxe|libxml|xml2json|defused-xml|expat/, 'xxe'],
  [
    /html|xss|direct-response|innerhtml|document-method|markup|template-string|trust-as|sanitize|autoescape|unknown-content|format-string|createnodes|element-methods|translateprovider|reflected|avoid-v-html|postmessage|dangerouslyset/,
    'xss',
  ],
  [
    /hash-algorithm|hash-function|md5|sha1|cipher-algorithm|cipher-mode|ecb|create-de-cipher|weak|none-alg|jwt-none|pseudo-random|unverified-jwt|jwt-simple-noverify|crypto-mode/,
    'weak-crypto',
  ],
  [/hardcoded|exposed-credentials|session-secret|secret-key|hashids/, 'hardcoded-secret'],
  [/file-permissions/, 'permissions'],
  [/debug-enabled|bind-to-all|app_run_with_bad_host/, 'misconfiguration'],
];

interface Label {
  readonly rule: string;
  readonly kind: SastClass;
  readonly positive: boolean;
  readonly line: number;
}

function labelsOf(text: string): readonly Label[] {
  const lines = text.split('\n');
  return lines.flatMap((content, index) => {
    const found = /(?:#|\/\/|\*|\{\/\*)\s*(ruleid|ok)\s*:\s*([\w\-, ]+)/.exec(content);
    if (!found) return [];
    let at = index + 1;
    while (
      at < lines.length &&
      (/^\s*$/.test(lines[at] ?? '') || /^\s*(?:#|\/\/|\*|\{\/\*)/.test(lines[at] ?? ''))
    )
      at += 1;
    const before = content.slice(0, found.index).trim();
    const line = before === '' || before === '{' ? at + 1 : index + 1;
    return (found[2] ?? '').split(',').flatMap((name): Label[] => {
      const rule = name.trim();
      const kind = classOf.find(([pattern]) => pattern.test(rule))?.[1];
      return kind === undefined ? [] : [{ rule, kind, positive: found[1] === 'ruleid', line }];
    });
  });
}

/** Sources of the security rules; corrected versions are no labelled ones. */
function* labelledFiles(directory: string): Generator<string> {
  for (const path of filesBelow(directory)) {
    if (
      /\/security\//.test(path) &&
      /\.(?:py|js|ts|jsx|tsx|go|java)$/.test(path) &&
      !path.includes('.fixed.')
    )
      yield path;
  }
}

/** The statement below a label: from its line to the next label's or a few lines on. */
function matches(hit: SastHit, { line, kind }: Label): boolean {
  return (
    hit.rule === kind &&
    hit.line <= line + 3 &&
    hit.endLine >= line &&
    hit.line >= line - 8 &&
    (hit.line >= line || hit.endLine - hit.line < 30)
  );
}

const { values: options } = parseArgs({
  options: {
    corpus: { type: 'string' },
    half: { type: 'string', default: 'dev' },
    languages: { type: 'string', default: 'python,javascript,typescript' },
    misses: { type: 'boolean' },
    sources: { type: 'boolean' },
  },
});

const table = new Map<SastClass, Row>();
let unlabelled = 0;

async function hitsIn(path: string, text: string): Promise<readonly SastHit[]> {
  const grammar = grammarOfPath(path);
  if (!grammar) return [];
  const tree = await parseSyntax(grammar, text);
  try {
    const hits = readHits(tree.root, grammar);
    return options.sources ? hits.filter(({ certainty }) => certainty === 'source') : hits;
  } finally {
    tree.dispose();
  }
}

/** Findings between this label and the next one belong to it. */
function count(label: Label, labels: readonly Label[], hits: readonly SastHit[]): readonly SastHit[] {
  const later = labels.map(({ line }) => line).filter((line) => line > label.line);
  const next = Math.min(...later, Number.POSITIVE_INFINITY);
  const found = hits.filter((hit) => matches(hit, label) && hit.line < next);
  const row = table.get(label.kind) ?? emptyRow();
  table.set(label.kind, row);
  if (label.positive) row[found.length > 0 ? 'hit' : 'missed'] += 1;
  else row[found.length > 0 ? 'false' : 'clean'] += 1;
  return found;
}

async function measure(path: string, shown: string): Promise<void> {
  const text = readFileSync(path, 'utf8');
  const hits = await hitsIn(path, text);
  const labels = labelsOf(text);
  const used = new Set<SastHit>();
  for (const label of labels) {
    const found = count(label, labels, hits);
    for (const hit of found) used.add(hit);
    if (!options.misses || label.positive === found.length > 0) continue;
    const line = text.split('\n')[label.line - 1]?.trim().slice(0, 110) ?? '';
    const kind = label.positive ? 'MISSED' : 'FALSE ';
    process.stdout.write(`${kind} ${label.kind} ${label.rule} ${shown}:${label.line}: ${line}\n`);
  }
  unlabelled += hits.filter((hit) => !used.has(hit)).length;
}

const { corpus, half } = options;
if (corpus === undefined) throw new Error('say --corpus PATH');
for (const language of options.languages.split(',')) {
  for (const path of labelledFiles(join(corpus, language))) {
    if (halfOf(path.split('/').at(-1) ?? '') === half) await measure(path, path.slice(corpus.length + 1));
  }
}
for (const [kind, row] of [...table].toSorted(([a], [b]) => a.localeCompare(b))) show(kind, row);
show('all', sumOf(table.values()));
process.stdout.write(`${unlabelled} findings on lines without a label\n`);
