import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Book, NO_PRICE } from '../../../core/book.ts';
import { BID, SIDES } from '../../../core/market.ts';
import { LotsBefore } from '../../../core/orchestrator/lots-before.ts';
import { draws } from '../../support/draws.ts';

it.each(SIDES)('side %d: is the sum of the better levels, whatever the order of the questions', side => {
  const level = fc.record({ ticks: fc.integer({ min: 1, max: 300 }), lots: fc.integer({ min: 0, max: 50 }) });
  const prices = fc.array(fc.integer({ min: 1, max: 310 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(level, { maxLength: 60 }), prices, prices, (levels, first, second) => {
      const book = new Book();
      const lotsBefore = new LotsBefore(side);
      for (const asked of [first, second]) {
        for (const { ticks, lots } of levels.splice(0, 30)) book.set(side, ticks, lots);
        lotsBefore.begin(book);
        for (const price of asked) {
          let sum = 0;
          for (let ticks = book.bestTicks(side); ticks !== NO_PRICE; ticks = book.worseThan(side, ticks)) {
            if (side === BID ? ticks > price : ticks < price) sum += book.sizeLots(side, ticks);
          }
          expect(lotsBefore.betterThan(book, price)).toBe(sum);
        }
      }
    }),
    draws(1, 300),
  );
});
