import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

/** What the egress proxy let through, against the operator's list as it was when the run was set up. */
export const egressIsListed: Invariant = {
  id: 'I21',
  title: 'set-up reached nothing but the operator’s registries, and what it was denied is recorded',
  kind: 'run',
  partly: 'by the proxy’s own record; that there is no way around it is the egress battery in test/sandbox',
  check({ entries }) {
    return eventsOf(entries, 'setup.finished').flatMap(({ reached = [], registries = [], deniedHosts }) => {
      const listed = new Set(registries.map(authorityOf));
      const denied = new Set(deniedHosts);
      return [
        ...reached
          .filter((host) => !listed.has(host))
          .map((host) => `set-up reached ${host}, which is not listed`),
        ...reached.filter((host) => denied.has(host)).map((host) => `${host} was denied and reached`),
      ];
    });
  },
};

/** `private:nexus.corp` and `registry.example:8443` as `host:port`. */
function authorityOf(entry: string): string {
  const host = entry.replace(/^private:/, '').toLowerCase();
  return host.includes(':') ? host : `${host}:443`;
}
