/** A process of ours that is talked to: questions to it, messages from it, in the order in which they were sent. */
import { spawn } from 'node:child_process';

export interface Line<Question> {
  /** Its next message that nobody waits for yet, after a question has been put to it. Throws where none can come any more. */
  next(question?: Question): Promise<unknown>;
  /** Lets it go: it ends when it has done what it is at. */
  hangUp(): void;
  /** Ends it at once. */
  kill(): void;
}

/** What to throw where a process does not answer. */
export interface Complaints {
  cannotRun(cause: Error): Error;
  /** `how`: `ended with status 3`; `stderr`: all that it wrote there. */
  noAnswer(how: string, stderr: string): Error;
}

export function openLine<Question extends object>(
  binary: string,
  args: readonly string[],
  complaints: Complaints,
): Line<Question> {
  // Messages go as JSON: what Node writes otherwise, another version of it need not be able to read.
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'json' });
  const waiting: { resolve(message: unknown): void; reject(error: Error): void }[] = [];
  const err: Buffer[] = [];
  let ended: Error | null = null;
  const fail = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  child.stderr?.on('data', (piece: Buffer) => err.push(piece));
  child.on('message', message => waiting.shift()?.resolve(message));
  child.on('error', cause => fail(complaints.cannotRun(cause)));
  child.on('close', (status, signal) => {
    const how = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
    fail(complaints.noAnswer(how, Buffer.concat(err).toString('utf8').trim()));
  });
  return {
    next: question =>
      new Promise((resolve, reject) => {
        if (ended !== null) return reject(ended);
        waiting.push({ resolve, reject });
        // A process that does not get it is ending, and `close` says why.
        if (question !== undefined) child.send(question, () => undefined);
      }),
    hangUp: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
