/** Runs `verify-worker` in fresh processes, a few at a time. */
import { ReplaybookError } from '../../core/errors.ts';
import { systemReason } from '../system-reason.ts';
import type { BlockPlace } from './difference.ts';
import { type Complaints, openLine } from './line.ts';
import { VERIFY_WORKER } from './paths.ts';
import type { BlockReply, VerifyAnswer, VerifyOrder, VerifyReply } from './verify-worker.ts';

/** A process that has carried out its order. It holds on to the records of its runs until it is let go. */
export interface Child {
  /** The binary that it runs. */
  readonly binary: string;
  readonly answer: VerifyAnswer;
  /** Bytes of a block of its digest records; null: not kept. */
  readBlock(place: BlockPlace): Promise<Uint8Array | null>;
  /** Lets it go. To be called for every child, and as often as one likes. */
  end(): void;
}

/** Starts a process under a Node binary and waits for its answer. Throws its own complaint, or that it cannot be run. */
export async function runChild(binary: string, order: VerifyOrder): Promise<Child> {
  const line = openLine<BlockPlace>(binary, [VERIFY_WORKER, JSON.stringify(order)], complaintsOf(binary));
  const reply = (await line.next()) as VerifyReply;
  if (reply.ok) {
    return {
      binary,
      answer: reply.answer,
      async readBlock(place) {
        const { bytes } = (await line.next(place)) as BlockReply;
        return bytes === null ? null : Buffer.from(bytes, 'base64');
      },
      end: line.hangUp,
    };
  }
  line.hangUp();
  throw new ReplaybookError(reply.code as ReplaybookError['code'], reply.message);
}

/** That there is no answer is a defect of ours under our own Node; another binary may be no Node, or too old a one. */
function complaintsOf(node: string): Complaints {
  return {
    cannotRun: cause =>
      new ReplaybookError('usage', `--node ${node}: cannot be run: ${systemReason(cause)}`, {}, cause),
    noAnswer: (how, complaint) => {
      const what = `${how} and no answer${complaint === '' ? '' : `: ${complaint}`}`;
      if (node === process.execPath) return new ReplaybookError('internal', `${node} ${what}`);
      return new ReplaybookError('usage', `--node ${node}: is it a Node of 20.19 or later? It ${what}`);
    },
  };
}

/** Does all jobs, at most `atOnce` at a time, and gives their results in the jobs' order. The first failure is thrown. */
export async function inParallel<Job, Result>(
  jobs: readonly Job[],
  atOnce: number,
  work: (job: Job) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(jobs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next++;
      try {
        results[index] = await work(jobs[index]);
      } catch (error) {
        next = jobs.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, lane));
  return results;
}
