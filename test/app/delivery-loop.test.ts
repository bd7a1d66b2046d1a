import { expect, it } from 'vitest';
import { startDeliveryLoop } from '../../src/app/delivery-loop.ts';
import type { Delivery, DeliveryOutcome } from '../../src/domain/delivery.ts';
import { MemoryDeliveries } from '../intake/delivery-store.ts';
import { commentEvent } from '../support/payloads.ts';
import { silentLog } from '../support/silent-log.ts';

/** Hands its one delivery out again each time it was put off. */
class OneDelivery extends MemoryDeliveries {
  readonly delivery = commentEvent('hello');
  readonly postponed: (readonly [string, number])[] = [];
  readonly finished = Promise.withResolvers<DeliveryOutcome>();
  #isReady = true;

  override async claim(): Promise<readonly Delivery[]> {
    if (!this.#isReady) return [];
    this.#isReady = false;
    return [this.delivery];
  }
  override async postpone(_guid?: string, why = '', delayMs = -1): Promise<void> {
    this.postponed.push([why, delayMs]);
    this.#isReady = true;
  }
  override async finish(_guid?: string, outcome?: DeliveryOutcome): Promise<void> {
    if (outcome) this.finished.resolve(outcome);
  }
  override async waitForWork(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('a delivery that is for later stays in the store until it has come to something', async () => {
  const deliveries = new OneDelivery();
  let tries = 0;
  const loop = startDeliveryLoop({
    deliveries,
    log: silentLog,
    async process() {
      tries += 1;
      return tries < 3
        ? { kind: 'later', why: 'another run works there', delayMs: tries * 1_000 }
        : { kind: 'applied', what: 'it' };
    },
  });
  expect(await deliveries.finished.promise).toEqual({ kind: 'applied', what: 'it' });
  await loop.close();
  expect(deliveries.postponed).toEqual([
    ['another run works there', 1_000],
    ['another run works there', 2_000],
  ]);
});
