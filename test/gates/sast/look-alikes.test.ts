import { describe, expect, it } from 'vitest';
import { readHits } from '../../../src/gates/sast/read-hits.ts';
import { grammarOfPath, parseSyntax } from '../../../src/toolchains/syntax-tree.ts';

/** Classes of what the rules see, most certain first kept by the reader itself. */
async function rulesIn(path: string, text: string): Promise<readonly string[]> {
  const grammar = grammarOfPath(path);
  if (!grammar) throw new Error(`no grammar for ${path}`);
  const tree = await parseSyntax(grammar, text);
  try {
    return readHits(tree.root, grammar).map(({ rule }) => rule);
  } finally {
    tree.dispose();
  }
}

const flask = 'import os, sys, requests, subprocess, yaml, urllib.parse\nfrom flask import *\n\n';
const django =
  'from django.http import HttpResponse\nfrom django.shortcuts import redirect\nfrom django.core.mail import send_mail, EmailMultiAlternatives\n\n';
const py = (body: string): string => `${flask}def f():\n    ${body.replaceAll('\n', '\n    ')}\n`;
const view = (body: string): string => `${django}def f(request):\n    ${body.replaceAll('\n', '\n    ')}\n`;
const js = (body: string): string =>
  `const vm = require('vm');\nconst path = require('path');\nconst axios = require('axios');\nfunction f(req, res) {\n${body}\n}\n`;

/** Each weakness beside what looks like it and is none. */
const pairs: readonly (readonly [string, rule: string, path: string, weak: string, harmless: string])[] = [
  [
    'the answer to a question holds nothing of what was asked about',
    'command-injection',
    'a.py',
    py('x = request.args["a"] if DEBUG else "no"\nos.system("run " + x)'),
    py('x = "yes" if request.args["a"] else "no"\nos.system("run " + x)'),
  ],
  [
    'a comparison',
    'xss',
    'a.js',
    js("res.send('<b>' + (req.query.a || 1));"),
    js("res.send('<b>' + (!req.query.a));"),
  ],
  [
    'what is found by a key is not the key',
    'open-redirect',
    'a.py',
    view('user = request.GET["u"]\nreturn redirect(user)'),
    view('user = User.objects.get(pk=request.GET["u"])\nreturn redirect(user.home)'),
  ],
  [
    'a number in a template of numbers',
    'xss',
    'a.py',
    py('return "<b>%s</b>" % request.args["n"]'),
    py('return "<b>%d</b>" % request.args["n"]'),
  ],
  [
    'functions that are named for cleaning',
    'xss',
    'a.js',
    js("res.send('<b>' + unescapeText(req.query.a));"),
    js("res.send('<b>' + ourEscapeHtml(req.query.a));"),
  ],
  [
    'a part of a pattern',
    'xss',
    'a.js',
    js("const { name: n } = req.query; res.send('<b>' + n);"),
    js("const { name: n } = settings; res.send('<b>' + n);"),
  ],
  [
    'an object is answered as JSON',
    'xss',
    'a.js',
    js('const body = req.query.a; res.status(400).send(body);'),
    js('const body = { a: req.query.a }; res.status(400).send(body);'),
  ],
  [
    'plain text',
    'xss',
    'a.py',
    view('return HttpResponse(request.GET["a"], content_type="text/html")'),
    view('return HttpResponse(request.GET["a"], content_type="text/plain")'),
  ],
  [
    'a template that escapes',
    'xss',
    'a.py',
    py('return make_response(Markup(request.args["a"]))'),
    py('return make_response(render_template("a.html", a=request.args["a"]))'),
  ],
  [
    'the command line is not remote',
    'ssrf',
    'a.py',
    py('requests.get(request.args["u"])'),
    py('requests.get(sys.argv[1])'),
  ],
  [
    'the body of a request is no address',
    'ssrf',
    'a.py',
    py('requests.request("POST", request.form["u"])'),
    py('requests.post(API, request.form["u"])'),
  ],
  [
    'headers are no address',
    'ssrf',
    'a.js',
    js('const options = { url: req.body.url, headers: {} }; axios(options);'),
    js("const options = { url: 'https://a.example/', headers: req.headers }; axios(options);"),
  ],
  [
    'a base address of our own',
    'ssrf',
    'a.js',
    js('axios.get(`http://${req.query.host}/users`);'),
    js('axios.get(`${base}/users/${req.query.id}`);'),
  ],
  [
    'a host of our own',
    'ssrf',
    'a.py',
    py('requests.get("http://{}/{}".format(request.args["h"], PAGE))'),
    py('requests.get("http://{}/{}".format(HOST, request.args["p"]))'),
  ],
  [
    'the same place with another scheme',
    'open-redirect',
    'a.py',
    py('return redirect(request.args["url"])'),
    py('return redirect(request.url)'),
  ],
  [
    'a part of the address was asked about',
    'open-redirect',
    'a.py',
    py(
      'u = request.args["u"]\nv = urllib.parse.urlparse(OTHER)\nif v.netloc not in HOSTS:\n    abort(400)\nreturn redirect(u)',
    ),
    py(
      'u = request.args["u"]\nv = urllib.parse.urlparse(u)\nif v.netloc not in HOSTS:\n    abort(400)\nreturn redirect(u)',
    ),
  ],
  [
    'a question about the value itself, not about another part of the request',
    'open-redirect',
    'a.js',
    js("if (req.method === 'GET') res.redirect(req.query.u);"),
    js("if (req.query.u.startsWith('/')) res.redirect(req.query.u);"),
  ],
  [
    'a question about an entry',
    'open-redirect',
    'a.py',
    view('if request.method == "POST":\n    return redirect(request.GET["u"])'),
    view('if request.GET["u"].startswith("/"):\n    return redirect(request.GET["u"])'),
  ],
  [
    'an address from a function that checks it',
    'open-redirect',
    'a.js',
    js('res.redirect(decode(req.query.next));'),
    js('res.redirect(safeTarget(req.query.next));'),
  ],
  [
    'a path that is checked after it was joined',
    'path-traversal',
    'a.js',
    js('const p = path.join(root, req.query.p); if (!p) return; send(p);'),
    js('const p = path.join(root, req.query.p); if (!p.startsWith(root)) return; send(p);'),
  ],
  [
    'a path without its dots',
    'path-traversal',
    'a.js',
    js("send(path.join(root, req.query.p.replace(/a/g, '')));"),
    js("send(path.join(root, req.query.p.replace(/\\.\\./g, '')));"),
  ],
  [
    'what is logged',
    'sql-injection',
    'a.js',
    js("run('delete from t where id = ' + req.query.id);"),
    js("console.log('delete from t where id = ' + req.query.id);"),
  ],
  [
    'what the server knows of a request',
    'xss',
    'a.py',
    py('return "<b>" + request.values["name"]'),
    py('return "<b>" + request.user.name'),
  ],
  [
    'a number in the address',
    'xss',
    'a.py',
    `${flask}@app.route("/<name>")\ndef f(name):\n    return "<b>" + name\n`,
    `${flask}@app.route("/<int:name>")\ndef f(name):\n    return "<b>" + name\n`,
  ],
  [
    'a parameter that is a number',
    'xss',
    'a.py',
    `${flask}@app.get("/")\ndef f(name: str):\n    return "<b>" + name\n`,
    `${flask}@app.get("/")\ndef f(name: int):\n    return "<b>" + name\n`,
  ],
  [
    'a parameter that is parsed as a number',
    'xss',
    'a.ts',
    "class A { f(@Query('a') a: string) { return '<b>' + a; } }\n",
    "class A { f(@Query('a', ParseIntPipe) a) { return '<b>' + a; } }\n",
  ],
  [
    'the command is a list under a name',
    'command-injection',
    'a.py',
    py('cmd = [request.args["program"], "-l"]\nsubprocess.run(cmd)'),
    py('cmd = ["ls", request.args["d"]]\nsubprocess.run(cmd)'),
  ],
  [
    'a name of its own over an import',
    'deserialization',
    'a.py',
    py('yaml.load(text)'),
    py('yaml = ruamel.yaml.YAML(typ="rt")\nyaml.load(text)'),
  ],
  [
    'written code that is indented',
    'code-injection',
    'a.py',
    py('eval(textwrap.dedent(text))'),
    py('eval(textwrap.dedent("1 + 1"))'),
  ],
  [
    'names and options of written code',
    'code-injection',
    'a.js',
    js('vm.compileFunction(text, [], { parsingContext });'),
    js("vm.compileFunction('1', [], { parsingContext });"),
  ],
  [
    'a mail without HTML',
    'xss',
    'a.py',
    view('m = EmailMultiAlternatives("a", "b")\nm.attach_alternative(request.POST["b"], "text/html")'),
    view(
      'm = EmailMultiAlternatives("a", request.POST["b"])\nm.attach_alternative(request.POST["b"], "text/plain")',
    ),
  ],
  [
    'the text of a mail beside its HTML',
    'xss',
    'a.py',
    view('send_mail("a", "b", html_message=request.POST["b"])'),
    view('send_mail("a", request.POST["b"], html_message="<p>hello</p>")'),
  ],
  [
    'a condition of a query as a whole and in part',
    'nosql-injection',
    'a.py',
    py('table.query(QueryFilter=request.json["filter"])'),
    py('table.query(QueryFilter={"name": request.json["filter"]})'),
  ],
  ['a writer that is called doc', 'xss', 'a.js', js('document.write(text);'), js('doc.write(text);')],
  [
    'a list that is appended to',
    'xss',
    'a.js',
    js("$('#list').append('<li>' + name);"),
    js("form.append('file' + name);"),
  ],
];

describe('the rules', () => {
  it.each(pairs)('tell apart: %s (%s)', async (...[, rule, path, weak, harmless]) => {
    expect(await rulesIn(path, weak)).toContain(rule);
    expect(await rulesIn(path, harmless)).not.toContain(rule);
  });
});
