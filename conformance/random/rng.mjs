// Random numbers from a seed, the same on every machine.

/** @returns functions that draw from one stream of random numbers */
export function randomFrom(seed) {
    let state = (seed * 0x9e3779b1 + 0x85ebca6b) >>> 0;
    function next() {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }
    const rng = {
        /** An integer from `low` to `high`, both included. */
        int: (low, high) => low + Math.floor(next() * (high - low + 1)),
        chance: probability => next() < probability,
        pick: list => list[Math.floor(next() * list.length)],
        /** One of the values, by weight: [[weight, value], …]. */
        weighted(choices) {
            let rest = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
            return (choices.find(([weight]) => (rest -= weight) < 0) ?? choices.at(-1))[1];
        },
        shuffle(list) {
            const copy = [...list];
            for (let i = copy.length - 1; i > 0; i--) {
                const j = rng.int(0, i);
                [copy[i], copy[j]] = [copy[j], copy[i]];
            }
            return copy;
        },
        /** Up to `count` different elements. */
        some: (list, count) => rng.shuffle(list).slice(0, count),
        /** A list of `count` results of `make`. */
        times: (count, make) => Array.from({ length: count }, (_, index) => make(index)),
    };
    return rng;
}
