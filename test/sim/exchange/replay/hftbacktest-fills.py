"""The fills of a grid under hftbacktest, for hftbacktest.test.ts to compare with.

Made with hftbacktest 2.4.4 (its Rust crate is 0.9.4) on Python 3.11:

    python -m venv venv && venv/bin/pip install hftbacktest==2.4.4
    venv/bin/python hftbacktest-fills.py ethusdt_20240808.gz > hftbacktest-fills.txt

The recording is the Binance USD-M capture of hftbacktest's own examples, through its own converter. Sizes are large
enough for partial fills, latencies constant. The strategy acts half-way between two milliseconds, so that its wake-ups
never fall on a message; its orders arrive on whole milliseconds, at which the market moves too.

Output: `@` and the second of the first wake-up since 1970; for each run a heading, `# model power exchange seen`, with the
sum of the best bids and asks that the strategy saw; then a line for each order and millisecond in which it was filled:
exchange time in ms after the first wake-up's second, side (b or s), price in ticks, size in lots.
"""
import sys

import numpy as np
from numba import njit, uint64
from numba.typed import Dict, List

from hftbacktest import BacktestAsset, GTX, HashMapMarketDepthBacktest, LIMIT
from hftbacktest.data.utils import binancefutures

TICK, LOT = 0.01, 0.001
MS = 1_000_000
ENTRY_NS, RESPONSE_NS = 10 * MS + MS // 2, 10 * MS
EVERY_NS = 1000 * MS
WARM_UP_S, LENGTH_S = 20, 160
LEVELS, SIZE_LOTS = 3, 2000
# hftbacktest shifts receive times by what the rows that it keeps need, this project by what all rows need: so much more.
MORE_SHIFT_NS = 106_629

POWERS = {'PowerProbQueueFunc': 1.5, 'PowerProbQueueFunc2': 2.0, 'PowerProbQueueFunc3': 3.0}
MODELS = {
    'RiskAdverseQueueModel': lambda asset: asset.risk_adverse_queue_model(),
    'PowerProbQueueFunc': lambda asset: asset.power_prob_queue_model(1.5),
    'PowerProbQueueFunc2': lambda asset: asset.power_prob_queue_model2(2.0),
    'PowerProbQueueFunc3': lambda asset: asset.power_prob_queue_model3(3.0),
    'LogProbQueueFunc': lambda asset: asset.log_prob_queue_model(),
    'LogProbQueueFunc2': lambda asset: asset.log_prob_queue_model2(),
}
EXCHANGES = {
    'PartialFillExchange': lambda asset: asset.partial_fill_exchange(),
    'NoPartialFillExchange': lambda asset: asset.no_partial_fill_exchange(),
}


@njit
def note_fills(hbt, left, fills):
    """Compares what is left of every order with what was left before."""
    orders = hbt.orders(0)
    values = orders.values()
    while values.has_next():
        order = values.get()
        now_left = round(order.leaves_qty / LOT)
        before = left.get(order.order_id, SIZE_LOTS)
        # What was refused on arrival is not a fill.
        if now_left < before and order.exec_qty > 0:
            side = 0 if order.side == 1 else 1
            fills.append((order.exch_timestamp, side, order.price_tick, before - now_left))
        left[order.order_id] = now_left


@njit
def run(hbt, first_wake_ns, fills, seen):
    left = Dict.empty(uint64, 0)
    next_id = uint64(1)
    wake_ns = first_wake_ns
    # The clock starts with the first event.
    if hbt.elapse(0) != 0:
        return 1
    end_ns = first_wake_ns + LENGTH_S * 1000 * MS
    while wake_ns < end_ns:
        while True:
            result = hbt.wait_next_feed(True, wake_ns - hbt.current_timestamp)
            if result == 1:
                return 0
            if result < 0 or result > 3:
                return result
            if result == 3:
                note_fills(hbt, left, fills)
            if hbt.current_timestamp >= wake_ns:
                break
        note_fills(hbt, left, fills)
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        bid, ask = depth.best_bid_tick, depth.best_ask_tick
        seen[0] += bid + ask
        stands = np.zeros((2, LEVELS), np.bool_)
        values = hbt.orders(0).values()
        to_cancel = [uint64(0)]
        while values.has_next():
            order = values.get()
            side = 0 if order.side == 1 else 1
            away = bid - order.price_tick if side == 0 else order.price_tick - ask
            if 0 <= away < LEVELS:
                stands[side, away] = True
            elif order.cancellable:
                to_cancel.append(order.order_id)
        for order_id in to_cancel[1:]:
            hbt.cancel(0, order_id, False)
        for level in range(LEVELS):
            if not stands[0, level]:
                hbt.submit_buy_order(0, next_id, (bid - level) * TICK, SIZE_LOTS * LOT, GTX, LIMIT, False)
                next_id += uint64(1)
            if not stands[1, level]:
                hbt.submit_sell_order(0, next_id, (ask + level) * TICK, SIZE_LOTS * LOT, GTX, LIMIT, False)
                next_id += uint64(1)
        wake_ns += EVERY_NS
    return 0


def main(capture):
    stdout, sys.stdout = sys.stdout, sys.stderr
    data = binancefutures.convert(capture, base_latency=MORE_SHIFT_NS, buffer_size=2_000_000)
    first_s = int(data['exch_ts'].min()) // (1000 * MS)
    first_wake_ns = (first_s + WARM_UP_S) * 1000 * MS + MS // 2
    sys.stdout = stdout
    print(f'@ {first_s + WARM_UP_S}')
    for model, set_model in MODELS.items():
        for exchange, set_exchange in EXCHANGES.items():
            asset = BacktestAsset().data(data).linear_asset(1.0)
            asset.constant_order_latency(ENTRY_NS, RESPONSE_NS)
            set_model(asset)
            set_exchange(asset)
            asset.trading_value_fee_model(0.0, 0.0).tick_size(TICK).lot_size(LOT)
            hbt = HashMapMarketDepthBacktest([asset])
            # A typed list needs one element to know its type.
            fills = List([(0, 0, 0, 0)])
            seen = np.zeros(1, np.int64)
            result = run(hbt, first_wake_ns, fills, seen)
            if result != 0:
                raise RuntimeError(f'{model} {exchange} ended with error {result}')
            print(f'# {model} {POWERS.get(model, 0):g} {exchange} {seen[0]}')
            rows = sorted(tuple(map(int, row)) for row in fills[1:])
            for at_ns, side, ticks, lots in rows:
                print(f'{(at_ns - (first_s + WARM_UP_S) * 1000 * MS) // MS} {"bs"[side]} {ticks} {lots}')


main(sys.argv[1])
