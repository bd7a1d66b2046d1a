import { createOctokitFactory, type OctokitOptions } from './octokit-factory.ts';
import { toAppError } from './to-app-error.ts';

/** 100 a page; an App that sends more in three days is looked at in part, newest first. */
const pagesMax = 50;

/**
 * Deliveries that GitHub attempted in the last three days, whatever became of them, by GUID.
 * https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
 */
export function createAttemptedDeliveries(
  options: OctokitOptions,
): () => Promise<readonly { readonly guid: string; readonly at: Date; readonly acknowledged: boolean }[]> {
  const { asApp } = createOctokitFactory(options);
  return async () => {
    const found: { guid: string; at: Date; acknowledged: boolean }[] = [];
    try {
      const pages = asApp.paginate.iterator(asApp.rest.apps.listWebhookDeliveries, { per_page: 100 });
      let count = 0;
      for await (const { data } of pages) {
        found.push(
          ...data.map(({ guid, delivered_at: at, status_code: status }) => ({
            guid,
            at: new Date(at),
            acknowledged: status >= 200 && status < 300,
          })),
        );
        count += 1;
        if (count === pagesMax) break;
      }
    } catch (error) {
      throw toAppError(error, options.clock.now());
    }
    return found;
  };
}
