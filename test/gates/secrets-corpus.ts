import { createHash } from 'node:crypto';

/** A line of a change, and whether it holds a credential that blocks. */
export interface LabelledLine {
  readonly path: string;
  readonly text: string;
  readonly secret: boolean;
}

/** Random letters from a fixed seed: nothing in this file looks like a token, nothing in its values is one. */
function letters(alphabet: string, length: number, seed: string): string {
  let made = '';
  for (let block = 0; made.length < length; block += 1) {
    const bytes = createHash('sha256').update(`${seed}:${block}`).digest();
    made += [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');
  }
  return made.slice(0, length);
}

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const hex = (length: number, seed: string): string => letters(`${digits}abcdef`, length, seed);
const mixed = (length: number, seed: string): string =>
  letters(digits + lower + lower.toUpperCase(), length, seed);
const base32 = (length: number, seed: string): string =>
  letters(`${lower.toUpperCase()}234567`, length, seed);
/** What people choose: letters of both cases, digits, a sign inside. */
const password = (seed: string): string => `${mixed(5, seed)}#7${mixed(4, `${seed}2`)}`;

const secret = (path: string, text: string): LabelledLine => ({ path, text, secret: true });
const harmless = (path: string, text: string): LabelledLine => ({ path, text, secret: false });

const tokens = [
  `ghp_${mixed(36, 'a')}`,
  `github_pat_${mixed(60, 'b')}`,
  `glpat-${mixed(20, 'c')}`,
  `sk-ant-api03-${mixed(60, 'd')}`,
  `sk-proj-${mixed(60, 'e')}`,
  `AKIA${base32(16, 'f')}`,
  `AIza${mixed(35, 'g')}`,
  `dop_v1_${hex(64, 'h')}`,
  `dckr_pat_${mixed(27, 'i')}`,
  `npm_${mixed(36, 'j')}`,
  `sk_live_${mixed(32, 'k')}`,
  `SG.${mixed(22, 'l')}.${mixed(43, 'm')}`,
  `PMAK-${hex(24, 'n')}-${hex(34, 'o')}`,
  `xoxb-${letters(digits, 12, 'p')}-${mixed(24, 'q')}`,
  `hvs.${mixed(40, 'r')}`,
  `lin_api_${mixed(40, 's')}`,
  `squ_${hex(40, 't')}`,
  `${letters(digits, 10, 'u')}:AA${mixed(33, 'v')}`,
];

/** Lines as they stand in changes; the path decides what an assignment means there. */
export const labelledLines: readonly LabelledLine[] = [
  ...tokens.map((token, index) => secret(`src/client-${index}.ts`, `const client = connect('${token}');`)),
  ...tokens.slice(0, 6).map((token) => secret('test/client.test.ts', `  withToken("${token}");`)),
  secret('config/database.yml', `  password: ${password('1')}`),
  secret('.env', `DATABASE_PASSWORD=${password('2')}`),
  secret('src/settings.py', `SMTP_PASSWORD = "${password('3')}"`),
  secret('src/settings.json', `  "clientSecret": "${mixed(32, '4')}",`),
  secret('src/Db.java', `  private String dbPassword = "${password('5')}";`),
  secret('deploy/run.sh', `mysql -u root --password ${password('6')}`),
  secret('db/users.sql', `CREATE USER app IDENTIFIED BY '${password('7')}';`),
  secret('src/url.ts', `const url = 'postgres://app:${password('8').replace('#', '_')}@db.internal/app';`),
  secret('src/http.ts', `  headers: { authorization: 'Basic ${mixed(40, '9')}' },`),
  secret('config.xml', `  <apiToken>${mixed(32, '10')}</apiToken>`),
  secret('src/key.h', `#define API_KEY "${mixed(32, '11')}"`),
  secret('.npmrc', `//registry.internal/:_authToken=${mixed(40, '12')}`),
  // Known misses: a secret without a name or a shape, and a word of a dictionary.
  secret('src/odd.ts', `const salt = '${mixed(15, '13')}';`),
  secret('config/weak.yml', '  password: correcthorse'),

  harmless('src/a.ts', `const etag = '${hex(40, '20')}';`),
  harmless('src/b.ts', "const password = process.env.DB_PASSWORD ?? '';"),
  harmless('src/c.py', 'password = os.environ["DB_PASSWORD"]'),
  harmless('src/d.ts', "export const tokenPath = '/run/secrets/token-2';"),
  harmless('config/e.yml', '  password: ${DB_PASSWORD}'),
  harmless('config/f.yml', '  password: {{ vault_db_password }}'),
  harmless('config/g.yml', '  secretName: payments-tls-2'),
  harmless('.env.example', 'API_TOKEN=your-token-here-123'),
  harmless('.env.example', 'DB_PASSWORD=changeme1!'),
  harmless('docs/h.md', `    curl -H "Authorization: Bearer ${mixed(40, '21')}"`),
  harmless('test/i.test.ts', `  login({ password: '${password('22')}' });`),
  harmless('test/j.test.ts', `const jwt = 'eyJ${mixed(20, '23')}.eyJ${mixed(40, '24')}.${mixed(43, '25')}';`),
  harmless('locales/de.json', '  "password": "Paßwort",'),
  harmless('locales/de.json', '  "password": "Willkommen!",'),
  harmless('locales/es.json', '  "passwordAgain": "Contraseña otra vez",'),
  harmless('package-lock.json', `      "integrity": "sha512-${mixed(86, '26')}==",`),
  harmless('src/k.ts', "const key = 'GetUserProfileV2CacheKey1';"),
  harmless('src/l.ts', "const accessKey = 'cache:user:profile:v2';"),
  harmless('src/m.ts', "if (token === 'content-type-2') return;"),
  harmless('src/n.go', 'token := nextToken2(scanner)'),
  harmless('src/o.ts', "throw new Error('invalid password: must have 8 characters');"),
  harmless(
    'src/p.ts',
    `const id = '${hex(8, '27')}-${hex(4, '28')}-4${hex(3, '29')}-a${hex(3, '30')}-${hex(12, '31')}';`,
  ),
  harmless('src/q.ts', 'const sample = "AKIAIOSFODNN7EXAMPLE";'),
  harmless('src/r.ts', `const color = { password: '#a1b2c3' };`),
  harmless('README.md', '    postgres://user:pass1@localhost/db'),
  harmless('src/s.ts', "const bypass = 'a1#b2c3d4';"),
  // A known false alarm: what is called a password and looks like one may be its hash.
  harmless('src/t.ts', `const expectedPassword = '${hex(40, '32')}';`),
];
