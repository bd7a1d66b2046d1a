import { afterAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/gate.ts';
import { createFactsReader } from '../../src/gates/facts/facts-reader.ts';
import { createSastGate } from '../../src/gates/sast-gate.ts';
import { brokenFacts, changeInput, type Texts } from './change-input.ts';

const facts = createFactsReader();
afterAll(() => facts.close());

function judge(base: Texts, head: Texts, maxNew = 0): Promise<Verdict> {
  return createSastGate({ facts }).judge(
    changeInput(base, head, { settings: { sast: { mode: 'block', maxNew, external: [] } } }),
  );
}

const flask = 'import os, sqlite3, subprocess, yaml, requests\nfrom flask import request, redirect\n\n';
const express = "const cp = require('child_process');\nconst fs = require('fs');\nconst { exec } = cp;\n\n";

describe('the SAST gate', () => {
  it.each([
    ['command-injection', 'a.py', `${flask}def f():\n    os.system("ls " + request.args["dir"])\n`],
    [
      'command-injection',
      'a.py',
      `${flask}def f():\n    name = request.form.get("n")\n    subprocess.run(f"ls {name}", shell=True)\n`,
    ],
    ['command-injection', 'a.py', `${flask}def f():\n    subprocess.run(["sh", "-c", request.args["c"]])\n`],
    [
      'sql-injection',
      'a.py',
      `${flask}def f(db):\n    db.execute("select * from t where id = %s" % request.args["id"])\n`,
    ],
    ['code-injection', 'a.py', `${flask}def f():\n    eval(request.get_json())\n`],
    ['ssrf', 'a.py', `${flask}def f():\n    requests.get(request.args.get("u"))\n`],
    ['tls-off', 'a.py', `${flask}def f(u):\n    requests.get(u, verify=False)\n`],
    ['command-injection', 'a.js', `${express}app.get('/', (req, res) => exec('ls ' + req.query.dir));\n`],
    [
      'command-injection',
      'a.ts',
      "import { execSync as run } from 'node:child_process';\nexport const f = (req: any) => run(`ls ${req.body.x}`);\n",
    ],
    [
      'sql-injection',
      'a.js',
      `${express}const f = (db, req) => db.query(\`select * from t where id = \${req.params.id}\`);\n`,
    ],
    ['xss', 'a.js', `${express}app.get('/', (req, res) => res.send('<b>' + req.query.name + '</b>'));\n`],
    ['path-traversal', 'a.js', `${express}app.get('/', (req, res) => res.sendFile(req.query.file));\n`],
    ['tls-off', 'a.js', 'const agent = new https.Agent({ rejectUnauthorized: false });\n'],
    ['xss', 'a.js', 'el.innerHTML = location.hash;\n'],
  ])('blocks %s in %s, with its CWE', async (rule, path, text) => {
    const verdict = await judge({}, { [path]: text });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings.map((finding) => finding.rule)).toContain(`sast/${rule}`);
    expect(verdict.findings[0]?.message).toMatch(/CWE-\d+/);
  });

  it.each([
    [
      'constants',
      'a.py',
      `${flask}CMD = "ls"\n\ndef f():\n    os.system(CMD)\n    os.system("ls " + "-l")\n`,
    ],
    ['lists without a shell', 'a.py', `${flask}def f():\n    subprocess.run(["ls", request.args["dir"]])\n`],
    [
      'parameters',
      'a.py',
      `${flask}def f(db):\n    db.execute("select * from t where id = %s", (request.args["id"],))\n`,
    ],
    [
      'cleaned text',
      'a.py',
      `${flask}import shlex\n\ndef f():\n    os.system("ls " + shlex.quote(request.args["dir"]))\n`,
    ],
    [
      'a checked address',
      'a.py',
      `${flask}def f():\n    u = request.args["next"]\n    if not is_safe_url(u):\n        return ""\n    return redirect(u)\n`,
    ],
    [
      'a fixed host',
      'a.py',
      `${flask}def f():\n    requests.get("https://api.example/x/%s" % request.args["id"])\n`,
    ],
    ['a safe loader', 'a.py', `${flask}def f(t):\n    return yaml.load(t, Loader=yaml.SafeLoader)\n`],
    ['text nodes', 'a.js', 'el.textContent = location.hash;\n'],
    [
      'numbers',
      'a.js',
      `${express}const f = (db, req) => db.query('select * from t limit ' + Number(req.query.n));\n`,
    ],
  ])('passes %s (%s)', async (_, path, text) => {
    const verdict = await judge({}, { [path]: text });
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('pass');
  });

  it('only points out what may be harmless: unknown values, the command line, unsafe formats', async () => {
    const text = `${flask}import sys, hashlib\n\ndef f(x):\n    os.system(x)\n    os.system(sys.argv[1])\n    hashlib.md5(x)\n`;
    const verdict = await judge({}, { 'a.py': text });
    expect(verdict).toMatchObject({ status: 'fail', blocking: false });
    expect(verdict.findings.map(({ line, level }) => [line, level])).toEqual([
      [7, 'warning'],
      [8, 'warning'],
      [9, 'warning'],
    ]);
  });

  it('counts only what is new, in added lines, wherever the line has moved', async () => {
    const bad = `${flask}def f():\n    os.system(request.args["d"])\n`;
    const moved = await judge({ 'a.py': bad }, { 'a.py': `# a comment\n\n${bad}` });
    expect(moved.status).toBe('pass');
    const more = await judge(
      { 'a.py': bad },
      { 'a.py': `${bad}\n\ndef g():\n    os.popen(request.args["e"])\n` },
    );
    expect(more.findings.map(({ line }) => line)).toEqual([9]);
  });

  it('allows as many as the setting says, and not one more', async () => {
    const two = `${flask}def f():\n    os.system(request.args["a"])\n    os.popen(request.args["b"])\n`;
    expect(await judge({}, { 'a.py': two }, 2)).toMatchObject({ status: 'fail', blocking: false });
    expect(await judge({}, { 'a.py': two }, 1)).toMatchObject({ status: 'fail', blocking: true });
  });

  const goFile = (body: string): string =>
    `package a\n\nimport (\n\t"crypto/rsa"\n\t"crypto/tls"\n\t"database/sql"\n\t"fmt"\n\t"html/template"\n\t"net/http"\n\t"os"\n\trun "os/exec"\n\t"strconv"\n)\n\nfunc f(w http.ResponseWriter, r *http.Request, db *sql.DB, x string) {\n${body}\n}\n`;

  it.each([
    ['command-injection', 'run.Command("sh", "-c", "ls "+r.URL.Query().Get("d"))'],
    ['command-injection', 'run.CommandContext(r.Context(), r.FormValue("program"))'],
    ['sql-injection', 'db.Query("select * from t where id = " + r.FormValue("id"))'],
    ['sql-injection', 'q := fmt.Sprintf("select * from t where id = %s", r.FormValue("id"))\n\tdb.Exec(q)'],
    [
      'sql-injection',
      'id, ok := r.URL.Query()["id"]\n\tif ok {\n\t\tdb.QueryContext(ctx, "select * from t where id = "+id[0])\n\t}',
    ],
    ['xss', 'template.HTML("<b>" + r.FormValue("name") + "</b>")'],
    ['ssrf', 'http.Get(r.FormValue("url"))'],
    ['path-traversal', 'os.ReadFile("/data/" + r.URL.Path)'],
    ['tls-off', 'use(&tls.Config{InsecureSkipVerify: true})'],
  ])('blocks %s in Go: %s', async (rule, body) => {
    const verdict = await judge({}, { 'a.go': goFile(`\t${body}`) });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings.map((finding) => finding.rule)).toContain(`sast/${rule}`);
  });

  it.each([
    ['parameters', 'db.Query("select * from t where id = $1", r.FormValue("id"))'],
    ['numbers', 'n, _ := strconv.Atoi(r.FormValue("n"))\n\tdb.Query(fmt.Sprintf("select %d", n))'],
    ['arguments without a shell', 'run.Command("ls", r.FormValue("d"))'],
    ['constants', 'const q = "select 1"\n\tdb.Query(q + " limit 1")'],
    ['a fixed host', 'http.Get(fmt.Sprintf("https://example.com/%s", r.FormValue("p")))'],
    ['a checked path', 'p := r.FormValue("p")\n\tif !isAllowed(p) {\n\t\treturn\n\t}\n\tos.ReadFile(p)'],
    ['strong keys', 'rsa.GenerateKey(rand, 2048)'],
    ['checked certificates', 'use(&tls.Config{InsecureSkipVerify: false})'],
  ])('passes %s in Go', async (_, body) => {
    expect((await judge({}, { 'a.go': goFile(`\t${body}`) })).status).toBe('pass');
  });

  it('points out in Go what is not known to come from outside', async () => {
    const verdict = await judge(
      {},
      { 'a.go': goFile('\trun.Command("sh", "-c", x)\n\trsa.GenerateKey(rand, 1024)') },
    );
    expect(verdict).toMatchObject({ status: 'fail', blocking: false });
    expect(verdict.findings.map(({ rule }) => rule)).toEqual(['sast/command-injection', 'sast/weak-crypto']);
  });

  it('is not run without such code, and on tests', async () => {
    expect((await judge({}, { 'a.rs': 'fn f() {}\n' })).status).toBe('not-run');
    expect((await judge({}, { 'test/test_a.py': 'import os\nos.system(x)\n' })).status).toBe('not-run');
  });

  it('is an error, which blocks, where a text could not be read', async () => {
    const verdict = await createSastGate({ facts: brokenFacts }).judge(
      changeInput({}, { 'a.py': 'x = 1\n' }),
    );
    expect(verdict).toMatchObject({ status: 'error', blocking: true });
  });

  it('is an error where reading takes too long', async () => {
    const hasty = createFactsReader({ fileTimeoutMs: 1 });
    try {
      const text = Array.from({ length: 20_000 }, (_, index) => `x${index} = f(x${index - 1}) + "a"\n`).join(
        '',
      );
      const verdict = await createSastGate({ facts: hasty }).judge(changeInput({}, { 'a.py': text }));
      expect(verdict).toMatchObject({ status: 'error', blocking: true });
    } finally {
      await hasty.close();
    }
  });
});
