import { readCommit } from '../git/commit-reader.ts';
import { type ChangedFile, diffFiles, emptyTree } from '../git/diff-reader.ts';
import { commitsOf, forkPoint } from '../rest/pull-routes.ts';
import type { PullView } from '../shapes/pull-shape.ts';
import type { CheckRun } from '../state/model.ts';
import { type Html, html } from './html.ts';
import { issueHeading } from './issue-page.ts';
import { checkMark, layout, type PageAt, pathOf, runsAt, when } from './layout.ts';
import { renderMarkdown } from './render-markdown.ts';

const linesShownMax = 2_000;

export async function commitsPage(view: PullView): Promise<string> {
  const { repository, issue } = view;
  const rows = (await commitsOf(view)).map(
    (commit) =>
      html`<a class="row" href="${pathOf(repository)}/commit/${commit.sha}"><span class="title">${
        commit.message.split('\n')[0] ?? ''
      }</span> ${repository.signedCommits.has(commit.sha) ? html`<span class="bot ok">Verified</span>` : ''}<br><small><span class="sha">${commit.sha.slice(
        0,
        7,
      )}</span> · ${commit.author.name} · ${commit.author.date}</small></a>`,
  );
  const content = html`${issueHeading(repository, issue, 'commits')}<div class="box">${rows}</div>`;
  return layout({ title: `Commits · #${issue.number}`, content, repository, tab: 'pulls' });
}

export async function filesPage(view: PullView): Promise<string> {
  const { repository, issue, pull } = view;
  const files = await diffFiles(repository.gitDir, await forkPoint(view), pull.headSha);
  const content = html`${issueHeading(repository, issue, 'files')}${files.map(fileBox)}`;
  return layout({ title: `Files changed · #${issue.number}`, content, repository, tab: 'pulls' });
}

export function checksPage(view: PullView): string {
  const { repository, issue, pull } = view;
  const rows = runsAt(repository, pull.headSha).map((run) =>
    runBox(run, `${pathOf(repository)}/runs/${run.id}`),
  );
  const content = html`${issueHeading(repository, issue, 'checks')}${
    rows.length > 0
      ? rows
      : html`<div class="box"><div class="body">No checks have run on this commit.</div></div>`
  }`;
  return layout({ title: `Checks · #${issue.number}`, content, repository, tab: 'pulls' });
}

/** One check run with its output and annotations. */
export function runPage({ repository }: PageAt, run: CheckRun): string {
  const content = html`<h1>${run.name}</h1>${runBox(run, '')}<div class="box">${run.annotations.map(
    (one) =>
      html`<div class="row"><b>${one.annotation_level}</b> <span class="sha">${one.path}:${one.start_line}</span><br>${one.message}</div>`,
  )}</div>`;
  return layout({ title: run.name, content, repository, tab: 'pulls' });
}

export async function commitPage({ repository }: PageAt, sha: string): Promise<string | undefined> {
  const commit = /^[0-9a-f]{40}$/.test(sha) ? await readCommit(repository.gitDir, sha) : undefined;
  if (!commit) return undefined;
  const files = await diffFiles(repository.gitDir, commit.parents[0] ?? emptyTree, sha);
  const content = html`<h1>${commit.message.split('\n')[0] ?? ''}</h1><div class="meta"><span class="sha">${sha}</span> ${
    commit.author.name
  } · ${commit.author.date}</div><pre>${commit.message}</pre>${files.map(fileBox)}`;
  return layout({ title: sha.slice(0, 7), content, repository, tab: 'code' });
}

function runBox(run: CheckRun, href: string): Html {
  const ended = run.completedAt ? ` · ${when(run.completedAt)}` : '';
  const name = href === '' ? html`<b>${run.name}</b>` : html`<a href="${href}"><b>${run.name}</b></a>`;
  return html`<div class="box"><div class="head">${checkMark(run)} ${name} · ${run.conclusion ?? run.status}${ended}</div>
<div class="body markdown"><h3>${run.output.title ?? ''}</h3>${renderMarkdown(run.output.summary ?? '')}${renderMarkdown(
    run.output.text ?? '',
  )}</div>${run.actions.map(
    ({ label, description }) =>
      html`<div class="row"><b class="button">${label}</b> <span class="meta">${description}</span></div>`,
  )}</div>`;
}

function fileBox(file: ChangedFile): Html {
  const name = file.previousPath ? `${file.previousPath} → ${file.path}` : file.path;
  const lines = (file.patch ?? '').split('\n');
  return html`<div class="box"><div class="head"><b>${name}</b> ${file.status} <span class="plus">+${
    file.additions
  }</span> <span class="minus">−${file.deletions}</span></div>${
    file.patch === undefined
      ? html`<div class="body">No text to show.</div>`
      : html`<table class="diff">${diffRows(lines.slice(0, linesShownMax))}</table>`
  }${lines.length > linesShownMax ? html`<div class="body">The rest is not shown.</div>` : ''}</div>`;
}

function diffRows(lines: readonly string[]): readonly Html[] {
  let before = 0;
  let after = 0;
  return lines.map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return html`<tr class="hunk"><td class="n"></td><td class="n"></td><td>${line}</td></tr>`;
    }
    if (line.startsWith('+'))
      return html`<tr class="add"><td class="n"></td><td class="n">${after++}</td><td>${line}</td></tr>`;
    if (line.startsWith('-'))
      return html`<tr class="del"><td class="n">${before++}</td><td class="n"></td><td>${line}</td></tr>`;
    if (line.startsWith('\\')) return html`<tr><td class="n"></td><td class="n"></td><td>${line}</td></tr>`;
    return html`<tr><td class="n">${before++}</td><td class="n">${after++}</td><td>${line}</td></tr>`;
  });
}
