/** The same order carried out by several processes, each compared with the first of them, and each with itself. */
import { type Child, inParallel, runChild } from './children.ts';
import { type Difference, findDifference } from './difference.ts';
import type { VerifyAnswer, VerifyOrder } from './verify-worker.ts';

/** Processes at a time: the machines of the project have two cores. */
const AT_ONCE = 2;

export interface Comparison {
  /** Of each process, in the order of the binaries. */
  readonly answers: readonly VerifyAnswer[];
  /** The first in that order; null: all agree. */
  readonly difference: Difference | null;
}

/** A process for each binary, of which one may be named more than once. */
export async function compareProcesses(order: VerifyOrder, binaries: readonly string[]): Promise<Comparison> {
  const children: Promise<Child>[] = [];
  try {
    const compared = await inParallel(binaries, AT_ONCE, async binary => {
      const running = runChild(binary, order);
      children.push(running);
      const [first, child] = await Promise.all([children[0], running]);
      const difference = await compare(order, first, child);
      if (child !== first) child.end();
      return { answer: child.answer, difference };
    });
    const differing = compared.find(({ difference }) => difference !== null);
    return { answers: compared.map(({ answer }) => answer), difference: differing?.difference ?? null };
  } finally {
    endAll(children);
  }
}

async function compare(order: VerifyOrder, first: Child, child: Child): Promise<Difference | null> {
  const found = await differenceOf(first, child);
  if (found?.what !== 'digest' || found.first !== null) return found;
  // The block is beyond what a process keeps: both run once more, and keep what is around it.
  const { blocks } = order.keep;
  const keep = { fromBlock: Math.max(0, found.block - Math.floor(blocks / 2)), blocks };
  const contradictsItself = child.answer.contradiction !== null;
  const running = (contradictsItself ? [child] : [first, child]).map(({ binary }) =>
    runChild(binary, { ...order, keep }),
  );
  try {
    const again = await Promise.all(running);
    const foundAgain = await differenceOf(again[0], again[again.length - 1]);
    return foundAgain?.what === 'digest' && foundAgain.first !== null ? foundAgain : found;
  } finally {
    endAll(running);
  }
}

/** That a process contradicts itself says more than that it contradicts another. */
async function differenceOf(first: Child, child: Child): Promise<Difference | null> {
  const { contradiction } = child.answer;
  if (contradiction !== null || child === first) return contradiction;
  const [a, b] = [first, child].map(({ answer: { node, verdict, run, twin }, readBlock }) => ({
    node,
    outcome: { verdict, run, twin },
    readBlock,
  }));
  return findDifference(a, b);
}

/** Lets go of them, also of those that have not answered yet: once they have. */
function endAll(children: readonly Promise<Child>[]): void {
  for (const running of children) {
    running.then(
      child => child.end(),
      () => undefined,
    );
  }
}
