import { afterAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/domain/gate.ts';
import { createFactsReader } from '../../../src/gates/facts/facts-reader.ts';
import { createSastGate } from '../../../src/gates/sast-gate.ts';
import { changeInput } from '../change-input.ts';

const facts = createFactsReader();
afterAll(() => facts.close());

const imports =
  'import java.io.*;\nimport java.nio.file.*;\nimport java.security.*;\nimport java.sql.Statement;\nimport javax.crypto.Cipher;\nimport javax.servlet.http.*;\n\n';
const method = (body: string): string =>
  `${imports}class A {\n  Statement st;\n  void f(HttpServletRequest asked, HttpServletResponse out, String x) {\n    ${body}\n  }\n}\n`;
const member = (text: string): string => `${imports}class A {\n  ${text}\n}\n`;

function judge(text: string): Promise<Verdict> {
  return createSastGate({ facts }).judge(
    changeInput({}, { 'A.java': text }, { settings: { sast: { mode: 'block', maxNew: 0, external: [] } } }),
  );
}

describe('the SAST gate on Java', () => {
  it.each([
    ['sql-injection', method('st.executeQuery("select * from t where id = " + asked.getParameter("id"));')],
    [
      'sql-injection',
      method(
        'String q = String.format("select * from t where id = %s", asked.getHeader("id"));\n    st.execute(q);',
      ),
    ],
    [
      'sql-injection',
      member('Object f(@RequestParam String id) { return em.createQuery("from T where id = " + id); }'),
    ],
    ['command-injection', method('Runtime.getRuntime().exec("ls " + asked.getParameter("d"));')],
    ['command-injection', method('new ProcessBuilder("sh", "-c", asked.getParameter("c")).start();')],
    [
      'command-injection',
      method('Runtime.getRuntime().exec(new String[] { "sh", "-c", asked.getParameter("c") });'),
    ],
    ['code-injection', method('new GroovyShell().evaluate(asked.getParameter("s"));')],
    ['deserialization', method('new ObjectInputStream(asked.getInputStream()).readObject();')],
    ['path-traversal', method('new FileReader("/data/" + asked.getParameter("p"));')],
    ['xss', method('PrintWriter w = out.getWriter();\n    w.println("<b>" + asked.getParameter("n"));')],
    ['ssrf', method('client.execute(new HttpGet(asked.getParameter("u")));')],
    [
      'tls-off',
      member('public void checkServerTrusted(X509Certificate[] c, String a) {\n    // everybody\n  }'),
    ],
    ['tls-off', member('public boolean verify(String host, SSLSession s) { return true; }')],
  ])('blocks %s: %s', async (rule, text) => {
    const verdict = await judge(text);
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings.map((finding) => finding.rule)).toContain(`sast/${rule}`);
  });

  it.each([
    ['parameters', method('st.executeQuery("select * from t where id = ?");')],
    ['numbers', method('st.executeQuery("select " + Integer.parseInt(asked.getParameter("n")));')],
    [
      'a parameter that is a number',
      member('Object f(@RequestParam Long id) { return em.createQuery("from T where id = " + id); }'),
    ],
    ['a parameter that nobody sends', method('st.executeQuery(x);')],
    [
      'arguments without a shell',
      method('Runtime.getRuntime().exec(new String[] { "ls", asked.getParameter("d") });'),
    ],
    [
      'a name without its path',
      method('new FileReader("/data/" + FilenameUtils.getName(asked.getPathInfo()));'),
    ],
    [
      'a checked path',
      method(
        'Path p = Paths.get(root, asked.getParameter("p"));\n    if (!p.startsWith(root)) return;\n    read(p);',
      ),
    ],
    ['an address that is taken apart', method('check(new URL(asked.getParameter("u")).getHost());')],
    ['a cipher of today', method('Cipher.getInstance("AES/GCM/NoPadding");')],
    [
      'padding of RSA, whose ECB is a name',
      method('Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");'),
    ],
    [
      'a manager that asks',
      member(
        'public void checkServerTrusted(X509Certificate[] c, String a) { other.checkServerTrusted(c, a); }',
      ),
    ],
    ['a verifier of something else', member('public boolean verify(String text) { return true; }')],
  ])('passes %s', async (_, text) => {
    expect(await judge(text)).toMatchObject({ status: 'pass', findings: [] });
  });

  it.each([
    [
      'a query put together of what is not known',
      'sql-injection',
      'st.executeUpdate("delete from t where id = " + x);',
    ],
    ['a weak hash', 'weak-crypto', 'MessageDigest.getInstance("MD5");'],
    ['a weak cipher', 'weak-crypto', 'Cipher.getInstance("DES/CBC/PKCS5Padding");'],
    ['a cipher in blocks of their own', 'weak-crypto', 'Cipher.getInstance("AES/ECB/PKCS5Padding");'],
    ['an old protocol', 'weak-crypto', 'SSLContext.getInstance("SSLv3");'],
    ['a short key', 'weak-crypto', 'KeyPairGenerator.getInstance("RSA").initialize(1024);'],
    [
      'external entities',
      'xxe',
      'parser.setFeature("http://xml.org/sax/features/external-general-entities", true);',
    ],
    ['a redirect', 'open-redirect', 'out.sendRedirect(asked.getParameter("next"));'],
    ['the command line', 'path-traversal', 'new File(System.getenv("DIR"));'],
  ])('only points out %s', async (_, rule, body) => {
    const verdict = await judge(method(body));
    expect(verdict).toMatchObject({ status: 'fail', blocking: false });
    expect(verdict.findings.map((finding) => finding.rule)).toEqual([`sast/${rule}`]);
  });
});
