/** Whether a folder takes new files: asked before the work whose result is to go there. */
import { accessSync, constants, statSync } from 'node:fs';
import { systemReason } from '../system-reason.ts';

/** null where it does. A race is possible, so that writing still has to say what goes wrong. */
export function whyNotWritable(folder: string): string | null {
  try {
    if (!statSync(folder).isDirectory()) return `${folder} is no folder`;
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (cause) {
    return `${folder}: ${systemReason(cause)}`;
  }
}
