import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { isNumberParameter, parameterNames } from './file-scope.ts';
import type { Sources } from './judge-value.ts';
import type { FieldRule } from './sink-rule.ts';

/** What servers, browsers, the command line and lambdas hand in. */
export const scriptSources: Sources = {
  expressions:
    /^(?:req|request|ctx(?:\.request)?|context\.request|event\.request)\.(?:query|body|params?|headers?|cookies|url|path|originalUrl|hostname|files?|rawBody|get|signedCookies|queryStringParameters|pathParameters)\b|^process\.argv|^(?:window\.|document\.|self\.|this\.)?location\.(?:search|hash|href|pathname)|^document\.(?:URL|documentURI|referrer|cookie|location)|^window\.name$|^(?:\$location\.(?:search|hash|url)|URLSearchParams\(\)\.get)|URLSearchParams\(\)\.get\(\)/,
  local: /^process\./,
  cleaners:
    /^(?:Number|parseInt|parseFloat|Boolean|encodeURIComponent|encodeURI|escape|validator\.(?:escape|toInt)|sanitizeHtml|DOMPurify\.sanitize|dompurify\.sanitize|sanitize-html|xss|he\.(?:encode|escape)|lodash\.escape|_\.escape|path\.basename|mysql2?\.escape(?:Id)?|sqlstring\.escape|.*\.escapeHtml|escapeHtml|escape-html|JSON\.stringify|shell-quote\.quote|shellescape|sanitize|.*\.sanitize(?:Html)?)$/,
  entry(fn: SyntaxNode): readonly string[] {
    const decorated = (fn.childForFieldName('parameters')?.namedChildren ?? []).filter(
      (one) =>
        one &&
        /@(?:Query|Body|Param|Headers|Req|UploadedFile)\b/.test(one.text) &&
        !/Parse(?:Int|Float|Bool|UUID|Enum)Pipe/.test(one.text) &&
        !isNumberParameter(one),
    );
    const names = parameterNames(fn);
    if (decorated.length > 0)
      return decorated
        .map((one) => one?.childForFieldName('pattern')?.text ?? '')
        .filter((name) => name !== '');
    const owner = fn.parent?.text.slice(0, 80) ?? '';
    if (names[0] === 'event' && /handler|exports\.|lambda/i.test(owner)) return ['event'];
    return [];
  },
};

const credential = /^["'`][^"'`{}$<>\s%]{4,}["'`]$/;

export const scriptFields: readonly FieldRule[] = [
  {
    rule: 'hardcoded-secret',
    name: /^(?:\w+[_.])?(?:password|passwd|pwd|secret|token|api_?key|access_?key(?:_?id)?|secret_?access_?key|private_?key|auth_?token|session_?token|client_?secret|secret_?or_?key|\w*Secret|\w*Password|\w*ApiKey|\w*AccessKey)$/i,
    is: credential,
    where: 'both',
    soft: true,
  },
  { rule: 'xss', name: /\.(?:innerHTML|outerHTML|srcdoc)$/, least: 'unknown', where: 'assignment' },
  { rule: 'xss', name: /^__html$/, least: 'unknown', where: 'option' },
  {
    rule: 'open-redirect',
    name: /^(?:window\.|document\.|self\.|top\.|this\.)?location(?:\.href)?$|\$window\.location\.href$/,
    least: 'tainted',
    where: 'assignment',
  },
  { rule: 'tls-off', name: /^rejectUnauthorized$/, is: /^false$/, where: 'option' },
  {
    rule: 'tls-off',
    name: /NODE_TLS_REJECT_UNAUTHORIZED$/,
    is: /^(?:["']?0["']?|false)$/,
    where: 'assignment',
  },
  { rule: 'tls-off', name: /^strictSSL$|^insecure$/, is: /^(?:false|true)$/, where: 'option' },
  { rule: 'xxe', name: /^noent$/, is: /^true$/, where: 'option' },
  {
    rule: 'hardcoded-secret',
    name: /^(?:secretOrKey|clientSecret|consumerSecret|secret|secretKey|jwtSecret|sessionSecret)$/,
    is: /^["'][^"'{}$<>]{2,}["']$/,
    where: 'option',
  },
  {
    rule: 'hardcoded-secret',
    name: /(?:^|\.)(?:secretOrKey|clientSecret|consumerSecret|jwtSecret|sessionSecret)$/,
    is: /^["'][^"'{}$<>]{4,}["']$/,
    where: 'assignment',
  },
];
