/**
 * What the author of a core of his own needs, as `import … from 'replaybook'`: the port that it stands behind, the words that the
 * diagnosis reads, the market, and our own core where another one is built around it.
 */
export { Book } from './book.ts';
export { createCore } from './core.ts';
export * from './evidence.ts';
export { METRIC, METRICS } from './infra/metrics/fields.ts';
export * from './market.ts';
export * from './port.ts';
export * from './scale.ts';
export { type CoreSettings, DEFAULT_SETTINGS } from './settings.ts';
