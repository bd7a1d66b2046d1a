import type { SinkRule } from './sink-rule.ts';

const query =
  /(?:^|\.|\))(?:query|execute|raw|whereRaw|orderByRaw|havingRaw|joinRaw|fromRaw|\$queryRawUnsafe|\$executeRawUnsafe|unsafe|any|one|none|manyOrNone|oneOrNone|literal)$/;
const browser =
  /(?:^|\.|\))(?:goto|setContent|evaluate|evaluateHandle|evaluateOnNewDocument|addInitScript|\$\$?eval|addScriptTag|evaluateJavaScript|compileScript|runScript|printToPDF|setDocumentContent|openUrl|Page\.navigate)$/;

export const scriptSinks: readonly SinkRule[] = [
  {
    rule: 'command-injection',
    callee:
      /^(?:child_process|cp|shelljs|shell|sh)\.(?:exec|execSync)$|^(?:child_process)(?:\.default)?\.(?:exec|execSync)$|^require\(['"]child_process['"]\)\.exec/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'command-injection',
    callee: /^child_process(?:#require\(\))?\.(?:exec|execSync|spawn|spawnSync|execFile|execFileSync|fork)$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'command-injection',
    callee: /^child_process(?:#require\(\))?\.(?:spawn|spawnSync|execFile|execFileSync)$/,
    args: [1],
    least: 'tainted',
  },
  {
    rule: 'command-injection',
    callee: /^(?:child_process(?:#require\(\))?\.spawn(?:Sync)?)$/,
    least: 'unknown',
    text: { arg: 0, is: /^(?:git|sh|bash|cmd(?:\.exe)?|zsh|powershell)$/ },
  },
  {
    rule: 'command-injection',
    callee: /^(?:execa|cross-spawn|execa\.(?:command|commandSync|execa\w*))$/,
    args: [0],
    least: 'unknown',
  },
  { rule: 'command-injection', callee: /^Deno\.run$/, least: 'unknown' },

  {
    rule: 'code-injection',
    callee: /^(?:eval|window\.eval|globalThis\.eval|Function|(?:vm2|sandbox)(?:\.\w+)?)$/,
    least: 'unknown',
  },
  { rule: 'code-injection', callee: /^(?:set(?:Timeout|Interval|Immediate))$/, args: [0], least: 'built' },
  {
    rule: 'code-injection',
    callee:
      /(?:vm2\.(?:VM|NodeVM|VMScript)\(\)|sandbox\(\)|Sandbox\(\)|notevil|safe-eval|safer-eval|static-eval)(?:\.run)?$|^(?:notevil|safe-eval|static-eval|safer-eval|vm2\.VMScript|vm2\.(?:Node)?VM)$/,
    least: 'unknown',
  },
  {
    rule: 'code-injection',
    callee: /^vm(?:#require\(\))?\.(?:runIn\w+|compileFunction|createContext|Script)$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'code-injection',
    callee: /^vm(?:#require\(\))?\.(?:runIn\w+|compileFunction|Script)$/,
    least: 'tainted',
  },
  { rule: 'code-injection', callee: /^(?:require|import)$/, args: [0], least: 'tainted' },
  { rule: 'code-injection', callee: browser, args: [0, 1], least: 'built' },
  {
    rule: 'code-injection',
    callee:
      /^(?:pug|jade|dustjs\w*|eta|nunjucks|handlebars|mustache|ejs|lodash|underscore|dot|doT|hogan\.js|swig|twig|_)(?:\.\w+)*\.(?:compile|render|renderString|template|compileClient|renderFile|renderSource|compileToFunctions|precompile)$/i,
    args: [0],
    least: 'tainted',
  },
  { rule: 'code-injection', callee: /^wkhtmlto(?:pdf|image)(?:\.generate)?$/, least: 'unknown' },

  { rule: 'sql-injection', callee: query, args: [0], least: 'built' },
  {
    rule: 'nosql-injection',
    callee:
      /(?:^|\.)(?:find|findOne|findOneAndUpdate|updateOne|updateMany|deleteOne|deleteMany|count|countDocuments|aggregate)$/,
    args: [0],
    least: 'tainted',
  },

  { rule: 'xss', callee: /^(?:window\.)?document\.(?:write|writeln)$/, least: 'unknown' },
  { rule: 'xss', callee: /\.insertAdjacentHTML$/, args: [1], least: 'unknown' },
  {
    rule: 'xss',
    callee: /^(?:res|response|resp|ctx\.res)(?:\.(?:status|set|header|append)\(\))*\.(?:send|write|end)$/,
    args: [0],
    shape: 'answer',
    least: 'tainted',
  },
  {
    rule: 'xss',
    callee:
      /(?:^|\.)(?:(?:\$|jQuery|angular\.element)\(\)|\$\w+)(?:\.\w+\(\))*\.(?:html|append|prepend|before|after|replaceWith|wrap)$/,
    args: [0],
    least: 'built',
  },
  {
    rule: 'xss',
    callee: /(?:^|\.)(?:\$sce|sce|sanitizer|\w*[sS]anitizer)\.(?:trustAs\w*|bypassSecurityTrust\w+)$/,
    least: 'unknown',
  },
  { rule: 'xss', callee: /createNodesFromMarkup$/, args: [0], least: 'unknown' },
  {
    rule: 'xss',
    callee: /(?:^|\.)(?:\$translateProvider\.(?:translations|useSanitizeValueStrategy)|SafeString)$/,
    least: 'unknown',
  },
  {
    rule: 'xss',
    callee: /^serialize-javascript$/,
    args: [],
    least: 'constant',
    option: { name: 'unsafe', is: /^true$/ },
  },

  {
    rule: 'path-traversal',
    callee: /^(?:fs|fs-extra|fs\/promises|node:fs|graceful-fs)(?:#require\(\))?(?:\.promises)?\.\w+$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'path-traversal',
    callee: /^path(?:\.posix|\.win32)?(?:#require\(\))?\.(?:join|resolve)$/,
    least: 'tainted',
  },
  {
    rule: 'path-traversal',
    callee: /^(?:res|response|reply)\.(?:sendFile|download|sendfile|render)$/,
    args: [0],
    least: 'tainted',
  },

  {
    rule: 'deserialization',
    callee:
      /^(?:node-serialize|serialize-to-js|funcster|cryo|serialijse)(?:#require\(\))?\.(?:unserialize|deserialize|deepDeserialize|parse)$/,
    least: 'unknown',
  },
  {
    rule: 'deserialization',
    callee: /^js-yaml\.load$/,
    args: [],
    least: 'constant',
    option: { name: 'schema', is: /DEFAULT_FULL_SCHEMA|UNSAFE/ },
  },
  { rule: 'deserialization', callee: /^grpc\.load$|^(?:node-)?v8\.deserialize$/, least: 'tainted' },

  {
    rule: 'ssrf',
    callee:
      /^(?:request|request-promise|axios|got|needle|node-fetch|fetch|superagent|undici|bent|http|https|phin|urllib)(?:\.(?:get|post|put|patch|delete|head|request|fetch|all|options))?$/,
    args: [0],
    shape: 'address',
    least: 'tainted',
  },

  { rule: 'open-redirect', callee: /^(?:res|response|reply|ctx)\.redirect$/, least: 'tainted' },
  {
    rule: 'open-redirect',
    callee: /^(?:window\.|document\.)?location\.(?:replace|assign)$/,
    args: [0],
    least: 'tainted',
  },
  { rule: 'xss', callee: /\.postMessage$/, args: [], least: 'constant', text: { arg: 1, is: /^\*$/ } },

  {
    rule: 'weak-crypto',
    callee: /^crypto(?:#require\(\))?\.createHash$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^(?:md[245]|sha-?1)$/i },
  },
  {
    rule: 'weak-crypto',
    callee: /^crypto(?:#require\(\))?\.(?:createCipher|createDecipher)$/,
    args: [],
    least: 'constant',
  },
  {
    rule: 'weak-crypto',
    callee: /^crypto(?:#require\(\))?\.create(?:Cipher|Decipher)iv$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /des|rc4|ecb|bf|blowfish/i },
  },
  {
    rule: 'weak-crypto',
    callee: /^crypto(?:#require\(\))?\.pseudoRandomBytes$/,
    args: [],
    least: 'constant',
  },
  {
    rule: 'weak-crypto',
    callee: /^crypto(?:#require\(\))?\.createHmac$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^(?:md[245]|sha-?1)$/i },
  },
  {
    rule: 'weak-crypto',
    callee: /^(?:CryptoJS|crypto-js)\.(?:MD5|SHA1|DES|TripleDES|RC4|HmacMD5|HmacSHA1)/,
    args: [],
    least: 'constant',
  },
  { rule: 'weak-crypto', callee: /^(?:md5|js-md5|blueimp-md5)$/, args: [], least: 'constant' },
  {
    rule: 'weak-crypto',
    callee: /^(?:jsonwebtoken|jwt-simple|jose(?:\.JWT)?)\.(?:sign|verify|encode|decode)$/,
    args: [],
    least: 'constant',
    option: { name: 'algorithm', is: /none/i },
  },
  {
    rule: 'weak-crypto',
    callee: /^(?:jsonwebtoken|jose(?:\.JWT)?)\.(?:sign|verify)$/,
    args: [],
    least: 'constant',
    option: { name: 'algorithms', is: /['"]none['"]/i },
  },
  {
    rule: 'weak-crypto',
    callee: /^jwt-simple\.decode$/,
    args: [],
    least: 'constant',
    option: { name: '#2', is: /^true$|^["'][^"']+["']$/ },
  },

  {
    rule: 'hardcoded-secret',
    callee: /^(?:jsonwebtoken|jwt-simple|jose(?:\.JWT)?|express-jwt)\.(?:sign|verify|encode|decode)$/,
    args: [],
    least: 'constant',
    text: { arg: 1, is: /^.{1,}$/ },
  },

  {
    rule: 'xxe',
    callee: /^(?:libxmljs2?(?:\.\w+)?|libxml)\.(?:parseXml|parseXmlString|parseXmlAsync)$/,
    args: [],
    least: 'constant',
    option: { name: 'noent', is: /^true$/ },
  },
  {
    rule: 'xxe',
    callee: /(?:node-expat\.Parser\(\)|Parser\(\))\.(?:parse|write)$|^xml2json(?:\.toJson)?$/,
    args: [0],
    least: 'tainted',
  },
  {
    rule: 'insecure-transport',
    callee: /(?:^|\.)credentials\.createInsecure$|(?:^|\.)ServerCredentials\.createInsecure$/,
    args: [],
    least: 'constant',
  },
  {
    rule: 'misconfiguration',
    callee: /^serve-index$|^(?:directory|express)\.directory$/,
    args: [],
    least: 'constant',
  },
];
