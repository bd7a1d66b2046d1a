import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { isNumberParameter, parameterNames } from './file-scope.ts';
import type { Sources } from './judge-value.ts';
import type { FieldRule } from './sink-rule.ts';

const route =
  /@(?:\w+\.)*(?:route|get|post|put|patch|delete|websocket|view_config|api_view|require_\w+|app\.\w+)\b/;

/** `<int:page>` in an address. */
const numbered = (name: string): RegExp => new RegExp(`<(?:int|float|uuid)(?:\\([^)]*\\))?:${name}>`);

/** What web frameworks, the command line and the environment hand in. */
export const pythonSources: Sources = {
  expressions:
    /(?:^|\.)(?:request|req)\.(?:args|form|values|json|data|files|cookies|headers|query_string|path|url|body|params|GET|POST|FILES|META|COOKIES|get_json|get_data|query_params|path_params|matchdict|environ|view_args|user_agent|full_path|host|remote_addr|referrer|stream|input)\b|^(?:flask\.)?request\.(?!(?:user|session|method|scheme|is_\w+|app|state|endpoint|blueprint|auth|resolver_match|build_absolute_uri|get_host|site|tenant|LANGUAGE_CODE|accept_languages|encoding|urlconf|context|registry|route_url|current_route_url|static_url|scope|url_rule|routing_exception|on_data_loaded|max_content_length)\b)\w+|^sys\.argv|^os\.(?:environ|getenv)|^input\(\)|^raw_input\(\)|^(?:self\.)?request\.(?:GET|POST)|^web\.input|^sys\.stdin/,
  local: /^sys\.|^os\.|^(?:raw_)?input\(\)/,
  cleaners:
    /^(?:shlex\.quote|pipes\.quote|html\.escape|(?:markupsafe|flask|jinja2)\.escape|bleach\.clean|int|float|bool|len|uuid\.UUID|os\.path\.basename|werkzeug(?:\.utils)?\.secure_filename|django\.utils\.html\.(?:escape|format_html)|urllib\.parse\.quote(?:_plus)?|re\.escape|flask\.url_for|django\.urls\.reverse|hashlib\.\w+|ast\.literal_eval|str\.isdigit|escape|secure_filename|quote|django\.utils\.html\.conditional_escape|(?:flask\.)?(?:render_template|jsonify)|django\.shortcuts\.(?:render|resolve_url)|(?:django\.template\.loader\.)?render_to_string|django\.urls\.reverse_lazy|url_for|reverse|(?:django\.utils\.translation\.)?n?gettext)$/,
  entry(fn: SyntaxNode): readonly string[] {
    const numbers = numberParameters(fn);
    const names = parameterNames(fn).filter((name) => !numbers.includes(name));
    const decorators = decoratorsOf(fn);
    if (decorators.some((text) => route.test(text))) return names.filter((name) => isSent(name, decorators));
    if (names[0] === 'request') return names.slice(1);
    const handler = /(?:^|_)handler$/.test(fn.childForFieldName('name')?.text ?? '');
    return handler && names.length === 2 && /^event$/.test(names[0] ?? '') ? ['event'] : [];
  },
};

function numberParameters(fn: SyntaxNode): readonly string[] {
  const all = fn.childForFieldName('parameters')?.namedChildren ?? [];
  return all.flatMap((one) => (one && isNumberParameter(one) ? [one.namedChildren[0]?.text ?? ''] : []));
}

function decoratorsOf(fn: SyntaxNode): readonly string[] {
  if (fn.parent?.type !== 'decorated_definition') return [];
  return fn.parent.namedChildren.flatMap((one) => (one?.type === 'decorator' ? [one.text] : []));
}

/** What the framework or the application itself puts in, and numbers of the address, are not. */
function isSent(name: string, decorators: readonly string[]): boolean {
  const given = ['self', 'cls', 'request', 'db', 'session'].includes(name);
  return !given && !decorators.some((text) => numbered(name).test(text));
}

/** Written where a credential belongs; placeholders of templates and names of variables are none. */
const credential = /^[bru]?["'][^"'{}$<>\s%]{4,}["']$/i;

export const pythonFields: readonly FieldRule[] = [
  {
    rule: 'hardcoded-secret',
    name: /^(?:\w+_)?(?:password|passwd|pwd|secret|token|api_?key|access_?key(?:_id)?|secret_?access_?key|private_?key|auth_?token|session_?token|aws_\w+(?:key|token)(?:_id)?)$/i,
    is: credential,
    where: 'both',
    soft: true,
  },
  {
    rule: 'tls-off',
    name: /_create_default_https_context$/,
    is: /_create_unverified_context/,
    where: 'assignment',
  },
  { rule: 'tls-off', name: /\.?check_hostname$/, is: /^False$/, where: 'assignment' },
  { rule: 'tls-off', name: /\.?verify_mode$/, is: /CERT_NONE/, where: 'assignment' },
  {
    rule: 'hardcoded-secret',
    name: /^(?:.*\.)?(?:secret_key|jwt_secret(?:_key)?)$|SECRET_KEY/i,
    is: /^["'][^"'{}$<>]{6,}["']$/,
    where: 'assignment',
  },
  { rule: 'xss', name: /(?:^|\.)autoescape$/, is: /^False$/, where: 'assignment' },
];
