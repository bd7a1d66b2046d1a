import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TreeRunner, Verdict } from '../../src/domain/gate.ts';
import { createFactsReader } from '../../src/gates/facts/facts-reader.ts';
import { createHallucinationGate } from '../../src/gates/hallucination-gate.ts';
import { changeInput, type Texts } from './change-input.ts';
import { commandRun, scriptedTree } from './gate-input.ts';

const facts = createFactsReader();
afterAll(() => facts.close());

/** Without an installation, unless a tree is given. */
function judge(base: Texts, head: Texts, tree?: TreeRunner): Promise<Verdict> {
  const input = changeInput(base, head);
  return createHallucinationGate({ facts }).judge({
    ...input,
    head: tree ?? scriptedTree('4ead', { setUpFails: true }),
  });
}

const messages = ({ findings }: Verdict) => findings.map(({ message }) => message);

describe('imports of JavaScript and TypeScript', () => {
  const own = {
    'package.json':
      '{"name":"own","dependencies":{"left-pad":"1.0.0"},"devDependencies":{"@types/estree":"1"}}',
    'tsconfig.json': '{"compilerOptions":{ // why\n"paths":{"@app/*":["./src/*"]}}}',
    'src/b.ts': 'export const real = 1;\nexport type T = string;\nexport * from "./c.js";\n',
    'src/c.ts': 'export function passed() {}\nexport default class {}\n',
    'src/d.cjs': 'module.exports = { one: 1, two };\n',
    'src/open.cjs': 'module.exports = make();\n',
    'packages/x/package.json': '{"name":"@own/x"}',
  };

  it.each([
    "import { real, T, passed } from './b.js';",
    "import C from './c.ts';",
    "import d, { one } from './d.cjs';",
    "import { anything } from './open.cjs';",
    "import * as b from './b.js';\nb.real;",
    "import { readFileSync } from 'node:fs';\nimport fs from 'fs';\nfs.existsSync('x');",
    "import type { Invented } from './b.js';",
    "import pad from 'left-pad';",
    "import { Node } from 'estree';",
    "import x from '@own/x';\nimport me from 'own';",
    "import y from '@app/b';",
    "import z from 'virtual:pages';\nimport q from './a.svg?raw';",
    "try { require('not-there'); } catch {}",
    "import { made } from '../dist/made.js';",
  ])('accepts %j', async (text) => {
    expect(messages(await judge(own, { ...own, 'src/a.ts': `${text}\n` }))).toEqual([]);
  });

  it.each([
    ["import { invented } from './b.js';", 'src/b.ts exports no `invented`'],
    ["import x from './b.js';", 'src/b.ts exports no `default`'],
    ["const { three } = require('./d.cjs');", 'src/d.cjs exports no `three`'],
    ["import * as b from './b.js';\nb.invented;", 'src/b.ts exports no `invented`'],
    ["import './nowhere.js';", '`./nowhere.js` leads to no file of the repository'],
    ["export { real } from './nowhere.js';", '`./nowhere.js` leads to no file of the repository'],
    ["import x from 'fast-json-magic';", '`fast-json-magic` is neither declared nor part of the repository'],
    ["import x from '@scope/magic/deep';", '`@scope/magic` is neither declared nor part of the repository'],
    ["import x from 'node:magic';", 'Node.js has no module `node:magic`'],
    ["import { readFileQuick } from 'node:fs';", '`node:fs` has no `readFileQuick`'],
    ["import fs from 'node:fs';\nfs.readFileQuick('x');", '`node:fs` has no `readFileQuick`'],
  ])('blocks %j', async (text, message) => {
    const verdict = await judge(own, { ...own, 'src/a.ts': `${text}\n` });
    expect(messages(verdict)).toEqual([message]);
    expect(verdict.blocking).toBe(true);
  });

  it('accepts what base imports elsewhere, whoever brings it', async () => {
    const base = { ...own, 'src/old.js': "import x from '~icons/home';\n" };
    expect(messages(await judge(base, { ...base, 'src/a.js': "import y from '~icons/away';\n" }))).toEqual(
      [],
    );
  });

  it('does not follow a name that is bound again', async () => {
    const text = "import fs from 'node:fs';\nexport const f = (fs) => fs.readFileQuick('x');\n";
    expect(messages(await judge(own, { ...own, 'src/a.js': text }))).toEqual([]);
  });

  it('accepts modules that the settings name', async () => {
    const input = changeInput({}, { 'a.js': "import x from 'brought-along';\n" });
    const gate = createHallucinationGate({ facts });
    const head = scriptedTree('4ead', { setUpFails: true });
    expect((await gate.judge({ ...input, head })).status).toBe('fail');
    const hallucination = { mode: 'block', ignore: ['brought-along'] } as const;
    const settings = { ...input.settings, hallucination };
    expect((await gate.judge({ ...input, head, settings })).status).toBe('pass');
  });
});

describe('imports of Python', () => {
  const own = {
    'requirements.txt': 'requests\nPyYAML\n',
    'app/__init__.py': 'from .core import run\n',
    'app/core.py': 'import os\nLIMIT: int = 3\ndef run():\n    global LATE\nif os.name:\n    A, B = 1, 2\n',
    'app/open.py': 'from os.path import *\n',
    'tests/helpers.py': 'def make(): pass\n',
  };

  it.each([
    'from .core import run, LIMIT, LATE, A, B',
    'from . import core, run',
    'from app.core import run',
    'import app.core',
    'from app.open import anything',
    'from helpers import make',
    'import os, sys, tomllib',
    'import requests, yaml',
    'try:\n    import ujson\nexcept ImportError:\n    ujson = None',
    'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from nowhere import X',
  ])('accepts %j', async (text) => {
    expect(messages(await judge(own, { ...own, 'app/a.py': `${text}\n` }))).toEqual([]);
  });

  it.each([
    ['from .core import invented', 'app/core.py defines no `invented`'],
    ['from .nowhere import run', '`.nowhere` leads to no file of the repository'],
    ['from app.nowhere import run', '`app.nowhere` leads to no file of the repository'],
    ['from app import invented', 'app/__init__.py defines no `invented`'],
  ])('blocks %j', async (text, message) => {
    const verdict = await judge(own, { ...own, 'app/a.py': `${text}\n` });
    expect(messages(verdict)).toEqual([message]);
    expect(verdict.blocking).toBe(true);
  });

  it('only warns of an undeclared module when the installation cannot be asked', async () => {
    const verdict = await judge(own, { ...own, 'app/a.py': 'import fastmagic\n' });
    expect(verdict).toMatchObject({ status: 'fail', blocking: false });
  });
});

describe('the installation', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hallucination-'));
    const files = {
      'node_modules/left-pad/package.json': '{"name":"left-pad","main":"index.js"}',
      'node_modules/left-pad/index.js': 'exports.pad = () => 1;\n',
      'src/a.js': '',
      'src/built.js': 'made by a build\n',
      'pkg/__init__.py': '',
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** A tree whose commands really run, in a directory that holds its installation. */
  function installed(): TreeRunner {
    return {
      ...scriptedTree('4ead', {}),
      run: async (shell) =>
        await new Promise((resolve) => {
          execFile('sh', ['-c', shell], { cwd: directory }, (error, stdout) => {
            const exitCode = error === null ? 0 : 1;
            resolve(commandRun('ask', exitCode, stdout));
          });
        }),
    };
  }

  it('is asked for names of packages, and for modules that reading does not find', async () => {
    const manifest = { 'package.json': '{"dependencies":{"left-pad":"1.0.0"}}' };
    const verdict = async (text: string) =>
      await judge(manifest, { ...manifest, 'src/a.js': text }, installed());
    expect((await verdict("import { pad } from 'left-pad';\n")).status).toBe('pass');
    expect(messages(await verdict("import { padMagic } from 'left-pad';\n"))).toEqual([
      '`left-pad` has no `padMagic`',
    ]);
    expect((await verdict("import './built.js';\n")).status).toBe('pass');
    expect((await verdict("import './never-built.js';\n")).status).toBe('fail');
    expect((await verdict("import x from 'not-installed';\n")).status).toBe('fail');
  });

  it('is asked for Python modules and their members', async () => {
    const verdict = async (text: string) => await judge({}, { 'a.py': text }, installed());
    expect((await verdict('import json\njson.dumps(1)\n')).status).toBe('pass');
    expect(messages(await verdict('import json\njson.dump_fast(1)\n'))).toEqual([
      '`json` has no `dump_fast`',
    ]);
    expect(messages(await verdict('from os import path, pathway\n'))).toEqual([
      '`os` has no `path`, `pathway`',
    ]);
    const invented = await verdict('import fastmagic\n');
    expect(invented).toMatchObject({ status: 'fail', blocking: true });
  });

  it('blocks nothing by an answer that makes no sense', async () => {
    const manifest = { 'package.json': '{"dependencies":{"left-pad":"1.0.0"}}' };
    const liar: TreeRunner = {
      ...scriptedTree('4ead', {}),
      run: async () => commandRun('ask', 0, 'MISSING everything'),
    };
    const head = { ...manifest, 'src/a.js': "import { pad } from 'left-pad';\n" };
    const verdict = await judge(manifest, head, liar);
    expect(verdict.status).toBe('pass');
    expect(verdict.summary).toContain('1 could not be asked for in the installation');
  });
});
