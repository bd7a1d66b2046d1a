import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveArchive } from '../git/serve-archive.ts';
import type { HubContext } from '../hub-context.ts';
import { findIssue } from '../state/hub-state.ts';
import { html } from './html.ts';
import { issuePage } from './issue-page.ts';
import { layout, type PageAt, pathOf } from './layout.ts';
import { manifestPage } from './manifest-pages.ts';
import { checksPage, commitPage, commitsPage, filesPage, runPage } from './pull-pages.ts';
import { homePage, listPage, repositoryPage } from './repository-pages.ts';
import { styleSheet } from './style-sheet.ts';

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/** What a page request is answered with; a string is a page. */
type PageAnswer = string | { readonly redirect: string } | undefined;

/** Answers the pages for people. Private repositories are shown too: the hub listens on loopback only. */
export async function handlePage(
  hub: HubContext,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  if (url.pathname === '/hub.css') {
    response.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(styleSheet);
    return;
  }
  if (url.pathname === '/favicon.ico') {
    // Browsers ask by themselves; a 404 would stand as an error in the console of every page.
    response.writeHead(204).end();
    return;
  }
  const ticket = /^\/_codeload\/([0-9a-f]{32})$/.exec(url.pathname)?.[1] ?? '';
  const archive = hub.state.archiveTickets.get(ticket);
  if (archive) {
    hub.state.archiveTickets.delete(ticket);
    return serveArchive(response, archive);
  }
  const log = hub.state.logTickets.get(url.pathname.slice('/_logs/'.length));
  if (log !== undefined) {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(log);
    return;
  }
  const answer = url.pathname.startsWith('/settings/apps/')
    ? await manifestPage(hub, request, url)
    : await pageFor(hub, url);
  if (typeof answer === 'object') {
    response.writeHead(302, { location: answer.redirect }).end();
    return;
  }
  response.writeHead(answer === undefined ? 404 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(
    answer ?? layout({ title: 'Not found', content: html`<h1>404</h1><p>There is nothing here.</p>` }),
  );
}

async function pageFor(hub: HubContext, url: URL): Promise<PageAnswer> {
  const [owner, name, section, id, sub] = url.pathname.split('/').slice(1).map(decode);
  if (!owner) return homePage(hub);
  const repository = hub.state.repository(owner, name ?? '');
  if (!repository) return undefined;
  return section
    ? sectionPage({ hub, repository }, section, { id, sub })
    : repositoryPage({ hub, repository });
}

async function sectionPage(
  at: PageAt,
  section: string,
  { id, sub }: { readonly id: string | undefined; readonly sub: string | undefined },
): Promise<PageAnswer> {
  switch (section) {
    case 'issues':
      return id ? conversation(at, Number(id)) : listPage(at, 'issues');
    case 'pulls':
      return listPage(at, 'pulls');
    case 'pull':
      return pullPage(at, Number(id), sub);
    case 'runs': {
      const run = at.repository.suites.flatMap((suite) => suite.runs).find((one) => one.id === Number(id));
      return run && runPage(at, run);
    }
    case 'commit':
      return commitPage(at, id ?? '');
    default:
      return undefined;
  }
}

function conversation(at: PageAt, number: number): PageAnswer {
  const issue = findIssue(at.repository, number);
  if (!issue) return undefined;
  return issue.pull ? { redirect: `${pathOf(at.repository)}/pull/${number}` } : issuePage(at, issue);
}

async function pullPage(at: PageAt, number: number, sub: string | undefined): Promise<PageAnswer> {
  const issue = findIssue(at.repository, number);
  if (!issue) return undefined;
  const { pull } = issue;
  if (!pull) return { redirect: `${pathOf(at.repository)}/issues/${number}` };
  const view = { repository: at.repository, issue, pull };
  switch (sub) {
    case undefined:
      return issuePage(at, issue);
    case 'commits':
      return commitsPage(view);
    case 'files':
      return filesPage(view);
    case 'checks':
      return checksPage(view);
    default:
      return undefined;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
