import { pythonSettings } from './rules-python-settings.ts';
import type { SinkRule } from './sink-rule.ts';

const execute =
  /(?:^|\.|\))(?:execute|executemany|executescript|fetch|fetchrow|fetchval|copy_from_query|prepare|mogrify|raw_query|cursor|execute_many|run_sql|get_result_from_query)$/;

export const pythonSinks: readonly SinkRule[] = [
  {
    rule: 'command-injection',
    callee:
      /^(?:os\.(?:system|popen\d?|popen2|popen3|popen4)|commands\.(?:getoutput|getstatusoutput)|subprocess\.(?:getoutput|getstatusoutput)|popen2\.\w+|asyncio\.create_subprocess_shell|asyncio\.subprocess\.create_subprocess_shell)$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'command-injection',
    callee: /^os\.(?:exec[lv]p?e?|posix_spawnp?|startfile)$/,
    args: [0, 1],
    least: 'unknown',
  },
  {
    rule: 'command-injection',
    callee: /^os\.spawn[lv]p?e?$/,
    args: [1, 2, 3],
    least: 'unknown',
    unless: /,\s*os\.environ/,
  },
  { rule: 'command-injection', callee: /^os\.spawn[lv]p?e$/, args: [1], least: 'unknown' },
  {
    rule: 'command-injection',
    callee: /^(?:asyncio(?:\.subprocess)?\.create_subprocess_exec|pty\.spawn)$/,
    least: 'unknown',
  },
  {
    rule: 'command-injection',
    callee: /loop\(\)\.subprocess_(?:exec|shell)$|(?:^|\.)loop\.subprocess_(?:exec|shell)$/,
    args: [1, 2],
    least: 'unknown',
  },
  {
    rule: 'command-injection',
    callee: /^subprocess\.(?:run|call|check_call|check_output|Popen|capture_output)$/,
    args: [0],
    keyword: 'args',
    least: 'unknown',
    option: { name: 'shell', is: /^(?:True|1)$/ },
  },
  {
    rule: 'command-injection',
    callee: /^subprocess\.(?:run|call|check_call|check_output|Popen|capture_output)$/,
    args: [0],
    keyword: 'args',
    least: 'tainted',
    shape: 'command',
    unless: /shell\s*=\s*(?:True|1)\b/,
  },
  {
    rule: 'command-injection',
    callee: /(?:SSHClient\(\)|ssh|client)\.(?:exec_command|invoke_shell)$|^paramiko\..*exec_command$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'command-injection',
    callee: /(?:^|\.)BashOperator$/,
    keyword: 'bash_command',
    args: [],
    least: 'built',
  },
  { rule: 'command-injection', callee: /(?:^|\.)containers\.(?:run|create)$/, least: 'tainted' },
  { rule: 'command-injection', callee: /^(?:sh\.\w+|fabric\.\w*run)$/, least: 'built' },

  {
    rule: 'code-injection',
    callee:
      /^(?:eval|exec|execfile|builtins\.(?:eval|exec)|compile|__import__|importlib\.import_module|runpy\.run_\w+)$/,
    args: [0],
    least: 'unknown',
  },
  {
    rule: 'code-injection',
    callee:
      /^(?:code\.(?:InteractiveConsole|InteractiveInterpreter)(?:\(\))?(?:\.\w+)?|code\.interact|_?testcapi\.run_in_subinterp|_testcapi\.run_in_subinterp|test\.support\.run_in_subinterp|_xxsubinterpreters\.run_string)$/,
    least: 'unknown',
  },
  {
    rule: 'code-injection',
    callee: /(?:InteractiveConsole|InteractiveInterpreter)\(\)\.(?:push|runcode|runsource)$/,
    least: 'unknown',
  },
  {
    rule: 'code-injection',
    callee: /(?:^|\.)(?:render_template_string|Template|from_string)$/,
    args: [0],
    keyword: 'source',
    least: 'built',
  },
  { rule: 'code-injection', callee: /(?:^|\.)render_template_string$/, args: [0], least: 'unknown' },
  { rule: 'code-injection', callee: /^(?:globals|locals)\(\)\.get$/, args: [0], least: 'unknown' },

  { rule: 'sql-injection', callee: execute, args: [0], keyword: 'query', least: 'built' },
  {
    rule: 'sql-injection',
    callee: /(?:^|\.)(?:text|RawSQL|raw|read_sql|read_sql_query)$/,
    args: [0],
    least: 'built',
  },
  {
    rule: 'sql-injection',
    callee: /(?:^|\.)(?:extra|filter_by_raw|order_by|group_by|having|distinct)$/,
    least: 'built',
  },
  { rule: 'sql-injection', callee: /(?:objects|objects\.\w+|\))\.(?:raw|extra)$/, least: 'unknown' },
  {
    rule: 'nosql-injection',
    callee: /(?:^|\.)(?:scan|query)$/,
    keyword: 'FilterExpression',
    args: [],
    shape: 'answer',
    least: 'tainted',
  },
  {
    rule: 'nosql-injection',
    callee: /(?:^|\.)(?:scan|query)$/,
    keyword: 'QueryFilter',
    args: [],
    shape: 'answer',
    least: 'tainted',
  },
  {
    rule: 'nosql-injection',
    callee: /(?:^|\.)(?:scan|query)$/,
    keyword: 'ScanFilter',
    args: [],
    shape: 'answer',
    least: 'tainted',
  },

  {
    rule: 'xss',
    callee:
      /^(?:django\.utils\.safestring\.(?:mark_safe|SafeString|SafeText|SafeUnicode|SafeBytes)|mark_safe|SafeString)$/,
    args: [0],
    least: 'unknown',
  },
  { rule: 'xss', callee: /(?:^|\.)Markup(?:\.unescape)?$/, args: [0], least: 'unknown' },
  {
    rule: 'xss',
    callee:
      /^(?!rest_framework\.|requests\.)(?:.*\.)?(?:HttpResponse(?:BadRequest|NotFound|Forbidden|ServerError)?|make_response|Response|HTMLResponse)$/,
    args: [0],
    shape: 'answer',
    keyword: 'content',
    least: 'tainted',
  },
  {
    rule: 'xss',
    callee: /^jinja2(?:\.\w+)*\.Environment$|^Environment$/,
    args: [],
    least: 'constant',
    option: { name: 'autoescape', is: /^False$/ },
  },
  { rule: 'xss', callee: /^jinja2\.Environment$/, args: [], least: 'constant', unless: 'autoescape' },
  {
    rule: 'xss',
    callee: /(?:^|\.)(?:send_mail|send_mass_mail|mail_admins|mail_managers|email_user)$/,
    keyword: 'html_message',
    args: [],
    least: 'tainted',
  },
  {
    rule: 'xss',
    callee: /\.attach_alternative$/,
    args: [0],
    least: 'tainted',
    text: { arg: 1, is: /^text\/html/ },
  },
  { rule: 'xss', callee: /(?:^|\.)format_html$/, args: [0], least: 'built' },

  {
    rule: 'path-traversal',
    callee:
      /^(?:open|io\.open|codecs\.open|os\.(?:remove|unlink|rename|mkdir|makedirs|rmdir|listdir|open|chmod)|shutil\.\w+|pathlib\.Path)$/,
    args: [0],
    least: 'tainted',
  },
  {
    rule: 'path-traversal',
    callee: /(?:^|\.)(?:send_file|FileResponse|send_from_directory|extractall)$/,
    args: [0],
    least: 'tainted',
  },
  ...pythonSettings,
];
