import type { SinkRule } from './sink-rule.ts';

/** Formats, algorithms and switches that are dangerous wherever they stand. */
export const pythonSettings: readonly SinkRule[] = [
  {
    rule: 'deserialization',
    callee:
      /^(?:c?[pP]ickle|_pickle|dill|jsonpickle|joblib|cloudpickle|shelve|marshal)\.(?:load|loads|decode|Unpickler|open|dump|dumps|encode)$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'deserialization',
    callee: /^(?:yaml|pyyaml)\.(?:load|load_all)$/,
    args: [],
    least: 'constant',
    unless: /Loader=(?:yaml\.)?C?(?:Safe|Base)Loader|,\s*(?:yaml\.)?C?(?:Safe|Base)Loader/,
  },
  {
    rule: 'deserialization',
    callee:
      /^(?:yaml|pyyaml)\.(?:unsafe_load|unsafe_load_all|full_load|full_load_all|Loader|UnsafeLoader|FullLoader)$/,
    args: [],
    least: 'constant',
  },
  {
    rule: 'deserialization',
    callee: /(?:^|\.)YAML$/,
    args: [],
    least: 'constant',
    option: { name: 'typ', is: /^["'](?:unsafe|base)["']$/ },
  },
  {
    rule: 'deserialization',
    callee: /^(?:numpy|np)\.load$/,
    args: [],
    least: 'constant',
    option: { name: 'allow_pickle', is: /^True$/ },
  },

  {
    rule: 'ssrf',
    callee:
      /^(?:requests|httpx|aiohttp|urllib3)(?:\.\w+(?:\(\))?)*\.(?:get|post|put|patch|delete|head|options)$/,
    args: [0],
    keyword: 'url',
    least: 'tainted',
  },
  // The method stands before the address.
  {
    rule: 'ssrf',
    callee: /^(?:requests|httpx|aiohttp|urllib3)(?:\.\w+(?:\(\))?)*\.(?:request|urlopen|stream)$/,
    args: [1],
    keyword: 'url',
    least: 'tainted',
  },
  {
    rule: 'ssrf',
    callee:
      /^urllib(?:2|\.request)?\.(?:urlopen|urlretrieve|Request|URLopener)$|(?:URLopener|FancyURLopener|OpenerDirector|build_opener)\(\)\.(?:open|retrieve)$/,
    args: [0],
    least: 'unknown',
  },

  {
    rule: 'open-redirect',
    callee: /(?:^|\.)(?:redirect|HttpResponseRedirect|HttpResponsePermanentRedirect|RedirectResponse)$/,
    args: [0],
    least: 'tainted',
  },

  {
    rule: 'weak-crypto',
    callee:
      /^(?:hashlib\.(?:md5|sha1|md4)|(?:Crypto|Cryptodome)\.Hash\.(?:MD2|MD4|MD5|SHA|SHA1)\.new|cryptography\.hazmat\.primitives\.hashes\.(?:MD5|SHA1)|hashes\.(?:MD5|SHA1)|(?:MD2|MD4|MD5|SHA1?)\.new)$/,
    args: [],
    least: 'constant',
    unless: /usedforsecurity\s*=\s*False/,
  },
  {
    rule: 'weak-crypto',
    callee: /^hashlib\.new$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^(?:md[245]|sha1?)$/i },
  },
  {
    rule: 'weak-crypto',
    callee: /(?:^|\.)(?:ARC4|Blowfish|IDEA|DES3?|ARC2|XOR|CAST|TripleDES|SEED)(?:\.new)?$/,
    args: [],
    least: 'constant',
  },
  {
    rule: 'weak-crypto',
    callee: /(?:^|\.)AES\.new$/,
    args: [],
    least: 'constant',
    option: { name: '#1', is: /MODE_ECB/ },
  },
  {
    rule: 'weak-crypto',
    callee: /(?:^|\.)(?:rsa|dsa|RSA|DSA)\.(?:generate_private_key|generate|generate_parameters)$/,
    args: [],
    least: 'constant',
    option: { name: 'key_size', is: /^(?:512|768|1024)$/ },
  },
  {
    rule: 'weak-crypto',
    callee: /(?:^|\.)(?:RSA|DSA)\.generate$/,
    args: [],
    least: 'constant',
    option: { name: '#0', is: /^(?:512|768|1024)$/ },
  },
  {
    rule: 'weak-crypto',
    callee: /(?:^|\.)hashlib\.new$/,
    args: [],
    least: 'constant',
    option: { name: 'name', is: /^["'](?:md[245]|sha-?1)["']$/i },
  },
  { rule: 'weak-crypto', callee: /(?:^|\.)(?:ECB|modes\.ECB)$/, args: [], least: 'constant' },
  {
    rule: 'weak-crypto',
    callee: /(?:RSA\.generate|DSA\.generate)$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^$/ },
  },

  {
    rule: 'tls-off',
    callee: /^(?:requests|httpx|aiohttp)(?:\.\w+(?:\(\))?)*\.\w+$/,
    args: [],
    least: 'constant',
    option: { name: 'verify', is: /^False$/ },
  },
  {
    rule: 'tls-off',
    callee: /^ssl\._create_unverified_context$|^ssl\.wrap_socket$/,
    args: [],
    least: 'constant',
  },
  {
    rule: 'tls-off',
    callee:
      /^urllib3\.(?:\w+\.)*(?:PoolManager|ProxyManager|HTTPSConnectionPool|proxy_from_url|connection_from_url)$/,
    args: [],
    least: 'constant',
    option: { name: 'cert_reqs', is: /CERT_NONE|^["']?NONE/ },
  },

  {
    rule: 'hardcoded-secret',
    callee: /^(?:jwt|jose\.jwt)\.(?:encode|decode)$/,
    args: [],
    least: 'constant',
    text: { arg: 1, is: /^.{3,}$/ },
  },
  {
    rule: 'weak-crypto',
    callee: /^(?:jwt|jose\.jwt)\.(?:encode|decode)$/,
    args: [],
    least: 'constant',
    option: { name: 'algorithm', is: /none/i },
  },
  {
    rule: 'weak-crypto',
    callee: /^(?:jwt|jose\.jwt)\.decode$/,
    args: [],
    least: 'constant',
    option: { name: 'algorithms', is: /["']none["']/i },
  },
  {
    rule: 'weak-crypto',
    callee: /^jwt\.decode$/,
    args: [],
    least: 'constant',
    option: { name: 'verify', is: /^False$/ },
  },

  { rule: 'insecure-transport', callee: /^(?:telnetlib\.Telnet|ftplib\.FTP)$/, args: [], least: 'constant' },
  {
    rule: 'insecure-transport',
    callee: /^(?:requests|httpx)(?:\.\w+(?:\(\))?)*\.(?:get|post|put|patch|delete|head|options|request)$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^(?:http|ftp):\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1\])/ },
  },
  {
    rule: 'insecure-transport',
    callee: /^(?:requests|httpx)(?:\.\w+(?:\(\))?)*\.request$/,
    args: [],
    least: 'constant',
    text: { arg: 1, is: /^(?:http|ftp):\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1\])/ },
  },
  {
    rule: 'insecure-transport',
    callee: /urlopen$|urlretrieve$|\.Request$|(?:URLopener|OpenerDirector)\(\)\.(?:open|retrieve)$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^(?:http|ftp):\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1\])/ },
  },

  {
    rule: 'permissions',
    callee: /^os\.(?:chmod|fchmod|lchmod)$/,
    args: [],
    least: 'constant',
    option: {
      name: '#1',
      is: /^(?:0o?[0-7]?7?[0-7]?[0-7]?[2367]$|0o?7[1-7][1-7]$|.*S_(?:IRWXO|IWOTH|IXOTH|IRWXG|IXGRP|IWGRP)|0x1ff$|511$|0o?6[67][67]$)/,
    },
  },
  {
    rule: 'xxe',
    callee:
      /^(?:xml\.(?:etree(?:\.\w+)*|sax|dom\.\w+)|lxml\.etree)\.(?:parse|fromstring|iterparse|parseString|make_parser|XMLParser)$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'misconfiguration',
    callee: /(?:^|\.)(?:app|Flask\(\))\.run$/,
    args: [],
    least: 'constant',
    option: { name: 'debug', is: /^True$/ },
  },
  {
    rule: 'misconfiguration',
    callee: /(?:^|\.)(?:app|Flask\(\))\.run$/,
    args: [],
    least: 'constant',
    text: { arg: 0, is: /^0\.0\.0\.0$/ },
  },
  {
    rule: 'misconfiguration',
    callee: /(?:^|\.)(?:app|Flask\(\))\.run$/,
    args: [],
    least: 'constant',
    option: { name: 'host', is: /0\.0\.0\.0/ },
  },
];
