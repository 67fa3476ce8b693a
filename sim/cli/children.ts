/** Runs `verify-worker` in fresh processes, a few at a time. */
import { spawn } from 'node:child_process';
import { ReplaybookError } from '../../core/errors.ts';
import { VERIFY_WORKER } from './paths.ts';
import { systemReason } from './system-reason.ts';
import type { VerifyAnswer, VerifyOrder, VerifyReply } from './verify-worker.ts';

/** Runs one order under a Node binary. Throws the child's own complaint, or that the binary cannot be run. */
export function runChild(node: string, order: VerifyOrder): Promise<VerifyAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [VERIFY_WORKER, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => err.push(piece));
    child.on('error', cause => {
      reject(new ReplaybookError('usage', `--node ${node}: cannot be run: ${systemReason(cause)}`, {}, cause));
    });
    child.on('close', status => {
      const reply = readReply(Buffer.concat(out).toString('utf8'));
      if (reply === null) reject(noAnswer(node, status, Buffer.concat(err).toString('utf8').trim()));
      else if (reply.ok) resolve(reply.answer);
      else reject(new ReplaybookError(reply.code as ReplaybookError['code'], reply.message));
    });
  });
}

/** null where it is none: the process died, or is another program. */
function readReply(said: string): VerifyReply | null {
  try {
    const reply: unknown = JSON.parse(said);
    return typeof reply === 'object' && reply !== null && 'ok' in reply ? (reply as VerifyReply) : null;
  } catch {
    return null;
  }
}

/** Under our own Node a defect of ours; another binary may be no Node, or too old a one. */
function noAnswer(node: string, status: number | null, complaint: string): ReplaybookError {
  const what = `ended with status ${status} and no answer${complaint === '' ? '' : `: ${complaint}`}`;
  if (node === process.execPath) return new ReplaybookError('internal', `${node} ${what}`);
  return new ReplaybookError('usage', `--node ${node}: is it a Node of 20.19 or later? It ${what}`);
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
