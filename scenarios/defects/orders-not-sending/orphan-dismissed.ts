/** What the exchange has and nobody here tracks is looked up in the wrong place, never confirmed and so dismissed (core-facts, list L, L16). */
import { SafetyAuditor } from '../../../core/safety/auditor.ts';
import type { Defect } from '../defect.ts';

export const orphanDismissed: Defect = {
  name: 'orphan-dismissed',
  description: 'Orders of the exchange that are not tracked here are never confirmed as orphans, and never cancelled.',
  source: 'L16',
  primary: '1.4',
  allowed: ['3.1', '3.2'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    auditor: ({ safety: { auditor } }, ...rest) =>
      new SafetyAuditor({ ...auditor, orphans: { ...auditor.orphans, graceNs: Number.POSITIVE_INFINITY } }, ...rest),
  }),
};
