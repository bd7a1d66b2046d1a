import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishable } from '../../src/text/publishable.ts';
import { chromiumOptions } from '../support/chromium-options.ts';
import { type HubStage, openHubStage } from '../support/hub-stage.ts';

const at = { owner: 'mira', repo: 'thing' };
const acts = ['alert(1)', 'document.title="owned"', 'fetch("https://evil.example")', 'window.owned=1'];
const shapes: readonly ((act: string) => string)[] = [
  (act) => `<script>${act}</script>`,
  (act) => `<ScRiPt >${act}</sCrIpT>`,
  (act) => `"><script>${act}</script>`,
  (act) => `'-${act}-'`,
  (act) => `</title><script>${act}</script>`,
  (act) => `</textarea><script>${act}</script>`,
  (act) => `</code></pre><script>${act}</script>`,
  (act) => `--><script>${act}</script><!--`,
  (act) => `]]><script>${act}</script>`,
  (act) => `<img src=x onerror='${act}'>`,
  (act) => `<img/src=x/onerror='${act}'/>`,
  (act) => `<img src="x\n" onerror\n='${act}'>`,
  (act) => `<svg onload='${act}'>`,
  (act) => `<svg><script>${act}</script></svg>`,
  (act) => `<svg><animate onbegin='${act}' attributeName=x dur=1s>`,
  (act) => `<math><mtext></mtext><mglyph><style><img src=x onerror='${act}'>`,
  (act) => `<body onload='${act}'>`,
  (act) => `<details open ontoggle='${act}'><summary>x</summary></details>`,
  (act) => `<input autofocus onfocus='${act}'>`,
  (act) => `<video><source onerror='${act}'></video>`,
  (act) => `<audio src=x onerror='${act}'></audio>`,
  (act) => `<iframe srcdoc='<script>${act}</script>'></iframe>`,
  (act) => `<iframe src='javascript:${act}'></iframe>`,
  (act) => `<object data='javascript:${act}'></object>`,
  (act) => `<embed src='javascript:${act}'>`,
  (act) => `<form action='javascript:${act}'><button>x</button></form>`,
  (act) => `<button formaction='javascript:${act}'>x</button>`,
  (act) => `<base href='https://evil.example/'>${act}`,
  (act) => `<link rel=stylesheet href='https://evil.example/${act.length}.css'>`,
  (act) => `<style>@import 'https://evil.example/${act.length}';</style>`,
  (act) => `<meta http-equiv=refresh content='0;url=https://evil.example/${act.length}'>`,
  (act) => `<a href='javascript:${act}'>x</a>`,
  (act) => `[x](javascript:${act})`,
  (act) => `[x](JaVaScRiPt:${act})`,
  (act) => `[x](data:text/html,<script>${act}</script>)`,
  (act) => `[x](vbscript:${act})`,
  (act) => `![x](x"onerror='${act}')`,
  (act) => `![x](https://evil.example/${act.length}.png)`,
  (act) => `[x]: javascript:${act}\n[x]`,
  (act) => `<javascript:${act}>`,
  (act) => `\`</code><script>${act}</script>\``,
  (act) => `\`\`\`"><script>${act}</script>\nx\n\`\`\``,
  (act) => `| <script>${act}</script> |\n|---|\n| x |`,
  (act) => `&lt;script&gt;${act}&lt;/script&gt;`,
  (act) => `&#60;script&#62;${act}&#60;/script&#62;`,
  (act) => `\u001b]8;;javascript:${act}\u0007x\u001b]8;;\u0007`,
  (act) => `<scr<script>ipt>${act}</scr</script>ipt>`,
  (act) => `<<script>${act}//<</script>`,
  (act) => `<noscript><p title="</noscript><img src=x onerror='${act}'>"></noscript>`,
  (act) => `<template><script>${act}</script></template><slot onslotchange='${act}'>`,
];
const payloads = shapes.flatMap((shape) => acts.map(shape));

/** Two hundred strings in titles, bodies, comments, file names, contents and check runs; raw, and as the bot would say them. */
describe('hostile strings on the pages of the local GitHub', () => {
  let stage: HubStage;
  let browser: Browser;
  const paths: string[] = [];
  beforeAll(async () => {
    stage = await openHubStage({ files: { 'README.md': '# thing\n' }, record: null });
    const { installationId } = stage.install();
    const app = stage.asApp({ id: stage.appId, privateKey: stage.env['PRIVATE_KEY'] ?? '' }, installationId);
    const context = { repositoryUrl: `${stage.hub.url}/mira/thing` };
    for (let from = 0; from < payloads.length; from += 25) {
      const some = payloads.slice(from, from + 25);
      const issue = await stage.fileIssue(
        `${some[0]}`.replaceAll('\n', ' ').slice(0, 200),
        some.join('\n\n'),
      );
      for (const text of [some.join('\n\n'), publishable(some.join('\n\n'), context)])
        await app.rest.issues.createComment({ ...at, issue_number: issue, body: text });
      paths.push(`issues/${issue}`);
    }
    const names = payloads
      .slice(0, 40)
      .map((text) => `d/${text.replaceAll(/[/\0\n\r\t]/g, '_').slice(0, 100)}.md`);
    const pull = await stage.openPull({
      branch: 'hostile',
      files: { ...Object.fromEntries(names.map((name) => [name, 'x\n'])), 'all.html': payloads.join('\n') },
      title: payloads[1] ?? '',
      body: payloads.join('\n\n').slice(0, 60_000),
      message: payloads.slice(0, 50).join('\n\n'),
    });
    const check = await app.rest.checks.create({
      ...at,
      name: 'agent / tests',
      head_sha: pull.headSha,
      status: 'completed',
      conclusion: 'failure',
      output: {
        title: payloads[0] ?? '',
        summary: payloads.join('\n\n').slice(0, 60_000),
        text: payloads[9] ?? '',
      },
    });
    paths.push('', 'issues', 'pulls');
    for (const tab of ['', '/files', '/commits', '/checks']) paths.push(`pull/${pull.number}${tab}`);
    paths.push(`runs/${check.data.id}`);
    browser = await chromium.launch(chromiumOptions);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  it('are two hundred different ones, on every kind of page', () => {
    expect([new Set(payloads).size, payloads.length]).toEqual([200, 200]);
    expect(paths.length).toBeGreaterThanOrEqual(16);
  });

  it('case 149: run nothing, ask for nothing elsewhere and are shown as text, under a policy that forbids it too', async () => {
    for (const path of paths) {
      const page = await browser.newPage();
      const trouble: string[] = [];
      page.on('dialog', (dialog) => {
        trouble.push(`dialog on ${path}: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('console', (message) => trouble.push(`console on ${path}: ${message.text()}`));
      page.on('pageerror', (error) => trouble.push(`error on ${path}: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(stage.hub.url)) trouble.push(`request on ${path}: ${request.url()}`);
      });
      const response = await page.goto(`${stage.hub.url}/mira/thing/${path}`, { waitUntil: 'load' });
      expect({ path, status: response?.status() }).toEqual({ path, status: 200 });
      expect(response?.headers()['content-security-policy']).toMatch(/default-src 'none'/);
      const state = await page.evaluate(
        `({ title: document.title, owned: window.owned ?? null, active: [...document.querySelectorAll("script, img, iframe, object, embed, svg, video, audio, base, meta[http-equiv], [onerror], [onload], [ontoggle], [onfocus], [onbegin], a[href^='javascript' i], a[href^='data' i], a[href^='vbscript' i]")].map((element) => element.outerHTML.slice(0, 100)) })`,
      );
      expect({ path, state }).toMatchObject({ path, state: { owned: null, active: [] } });
      expect((state as { title: string }).title).not.toBe('owned');
      expect(trouble).toEqual([]);
      await page.close();
    }
  });
});
