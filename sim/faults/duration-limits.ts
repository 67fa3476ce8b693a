/** Limits that many kinds of fault share. */
import { NS_PER_S } from '../../core/scale.ts';

/** Nothing is to be seen of a longer fault that a day does not show. */
export const DAY_NS = 86_400 * NS_PER_S;
