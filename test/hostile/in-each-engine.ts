import type { Sandbox } from '../../src/domain/sandbox.ts';
import { createContainerSandbox } from '../../src/sandbox/container-sandbox.ts';
import { silentLog } from '../support/silent-log.ts';
import { withContainerEngine } from '../support/with-container-engine.ts';

/** A suite with bubblewrap, which is the default of its places, and once more with containers where there is an engine. */
export async function inEachEngine(
  title: string,
  suite: (name: string, createSandbox?: (stateDir: string) => Sandbox) => void,
): Promise<void> {
  suite('bubblewrap');
  await withContainerEngine(`${title}, in containers`, ({ program, clientEnv, image }) => {
    suite('containers', (stateDir) =>
      createContainerSandbox({
        stateDir,
        program,
        clientEnv,
        image,
        runtime: null,
        registries: [],
        log: silentLog,
        diskReserveBytes: 0,
      }));
  });
}
