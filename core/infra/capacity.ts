/**
 * How much room is set aside in advance (playbook 4.2). What is bounded by these never grows while the core runs.
 *
 * The cycle's own budget: 10 ladder levels (640 B), 10 quotes (160 B), 20 order specs (4,100 B) and 3,072 B around them come to
 * 7,972 B of 8,192. The twenty-first spec still fits, at 8,177 B; with the twenty-second, at 8,382 B, the arena spills.
 */

/** Bytes of one chunk of the quote cycle's arena. */
export const DEFAULT_ARENA_CAPACITY = 8_192;
/** One level of a side as the strategy wants it. */
export const LADDER_LEVEL_BYTES = 64;
/** A price and a size that may go to the exchange. */
export const QUOTE_BYTES = 16;
/** One change of the plan, with room for the texts that it has on the wire. */
export const ORDER_SPEC_BYTES = 205;
/** What a cycle takes whatever it decides: the reconciliation's lists of orders and quotes without a partner. */
export const CYCLE_OVERHEAD_BYTES = 3_072;

/** Channels whose sequence and clock data quality follows, an instrument: the feeds of the market connection. */
export const DATA_QUALITY_CHANNELS = 6;

/** Entries that wait to be written by the log's writer. */
export const LOG_QUEUE_CAPACITY = 1_024;

/** Orders of which the chance of a fill is followed, an instrument: the exchange's limit of open orders. */
export const QUEUE_ENTRIES = 1_000;
