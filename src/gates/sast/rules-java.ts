import type { SinkRule } from './sink-rule.ts';

const shell = /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|k|da)?sh$|^cmd(?:\.exe)?$|^powershell(?:\.exe)?$/;
/** `ECB` of RSA is only a name. */
const weakCipher =
  /^(?:DES(?:ede)?|RC[24]|ARCFOUR|Blowfish)(?:\/|$)|^(?!RSA)\w+\/ECB\/|^AES$|^RSA\/[^/]*\/NoPadding$/i;
const weakKey = /^(?:DES(?:ede)?|RC[24]|ARCFOUR)$/i;
const entities = /external-(?:general|parameter)-entities$|isSupportingExternalEntities$/;

export const javaSinks: readonly SinkRule[] = [
  {
    rule: 'command-injection',
    callee: /Runtime(?:\.getRuntime)?\(\)\.exec$/,
    args: [0],
    shape: 'command-line',
    least: 'built',
  },
  {
    rule: 'command-injection',
    callee: /(?:^|\.)ProcessBuilder$/,
    args: [0],
    shape: 'command-line',
    least: 'tainted',
  },
  {
    rule: 'command-injection',
    callee: /(?:^|\.)ProcessBuilder$|ProcessBuilder\(\)\.command$/,
    args: [2],
    least: 'unknown',
    text: { arg: 0, is: shell },
  },
  { rule: 'command-injection', callee: /ProcessBuilder\(\)\.command$/, args: [0], least: 'tainted' },

  {
    rule: 'code-injection',
    callee:
      /(?:ScriptEngine|\.getEngineBy\w+|GroovyShell|ELProcessor|Eval|JexlEngine)\(\)\.(?:eval|evaluate|parse|run|getValue|setValue)$/,
    args: [0],
    least: 'unknown',
  },
  { rule: 'code-injection', callee: /GroovyClassLoader\(\)\.parseClass$/, args: [0], least: 'unknown' },
  {
    rule: 'code-injection',
    callee:
      /(?:ExpressionParser|ExpressionFactory)\(\)\.(?:parseExpression|create(?:Value|Method)Expression)$/,
    least: 'tainted',
  },

  {
    rule: 'sql-injection',
    callee:
      /\.(?:executeQuery|executeUpdate|executeLargeUpdate|addBatch|prepareStatement|prepareCall|nativeSQL|createQuery|createNativeQuery|createSQLQuery|queryForList|queryForObject|queryForMap|queryForRowSet|queryForInt|queryForLong|queryForStream|batchUpdate|newQuery)$/,
    args: [0, 1],
    least: 'built',
  },
  {
    rule: 'sql-injection',
    callee:
      /(?:Statement\(\)|[jJ]dbc(?:Template|Operations)(?:\(\))?)\.(?:execute|query|update)$|(?:^|\.)(?:PreparedStatementCreatorFactory|SqlUpdate|SqlQuery)$/,
    args: [0],
    least: 'built',
  },
  { rule: 'sql-injection', callee: /[qQ]uery(?:\(\))?\.set(?:Filter|Grouping)$/, args: [0], least: 'built' },

  {
    rule: 'xss',
    callee:
      /(?:getWriter|getOutputStream|PrintWriter|JspWriter)\(\)\.(?:print|println|write|printf|format|append)$/,
    least: 'tainted',
  },
  {
    rule: 'path-traversal',
    callee:
      /(?:^|\.)(?:File|FileInputStream|FileReader|FileOutputStream|FileWriter|RandomAccessFile|Paths\.get|Path\.of)$/,
    least: 'tainted',
  },
  // Not `new URL(…)`: that is how an address is taken apart to be checked.
  {
    rule: 'ssrf',
    callee:
      /HttpRequest(?:\.newBuilder|\.newBuilder\(\)\.uri)$|(?:^|\.)Http(?:Get|Post|Put|Delete|Head|Patch)$|WebClient\(\)\.\w+\(\)\.uri$/,
    args: [0],
    least: 'tainted',
  },
  {
    rule: 'ssrf',
    callee: /RestTemplate\(\)\.(?:getFor\w+|postFor\w+|exchange|execute|put|delete)$/,
    args: [0],
    least: 'tainted',
  },
  { rule: 'open-redirect', callee: /\.sendRedirect$|(?:^|\.)RedirectView$/, args: [0], least: 'tainted' },

  // What is read comes from a name in the file; where from it is not known, it is pointed out.
  {
    rule: 'deserialization',
    callee: /(?:^|\.)(?:ObjectInputStream|XMLDecoder)$/,
    args: [0],
    least: 'unknown',
  },
  { rule: 'deserialization', callee: /\.enableDefaultTyping$/, args: [], least: 'constant' },
  { rule: 'deserialization', callee: /ObjectMessage\(\)\.getObject$/, args: [], least: 'constant' },

  {
    rule: 'weak-crypto',
    callee: /MessageDigest\.getInstance$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^(?:MD[245]|SHA-?1|SHA)$/i },
  },
  {
    rule: 'weak-crypto',
    callee: /DigestUtils\.(?:md[25]\w*|sha1?|sha1?Hex|getMd[25]Digest|getSha1?Digest)$/,
    args: [],
    least: 'constant',
  },
  {
    rule: 'weak-crypto',
    callee: /(?:^|\.)Cipher\.getInstance$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: weakCipher },
  },
  {
    rule: 'weak-crypto',
    callee: /(?:KeyGenerator|SecretKeyFactory)\.getInstance$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: weakKey },
  },
  { rule: 'weak-crypto', callee: /(?:^|\.)NullCipher$/, args: [], least: 'constant' },
  {
    rule: 'weak-crypto',
    callee: /SSLContext\.getInstance$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^(?:SSL(?:v[23])?|TLSv1(?:\.1)?)$/ },
  },
  {
    rule: 'weak-crypto',
    callee: /KeyPairGenerator(?:\.getInstance)?\(\)\.initialize$/,
    args: [],
    least: 'constant',
    option: { name: '#0', is: /^(?:512|768|1024)$/ },
  },

  {
    rule: 'xxe',
    callee: /\.set(?:Feature|Property)$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: entities },
    option: { name: '#1', is: /^(?:Boolean\.TRUE|true)$/ },
  },
  {
    rule: 'xxe',
    callee: /\.setFeature$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /disallow-doctype-decl$/ },
    option: { name: '#1', is: /^false$/ },
  },
];
