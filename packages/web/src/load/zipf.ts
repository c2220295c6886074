/**
 * Gives places 0 to `count - 1`, each as often as Zipf's law says: place n with a weight of 1 / (n + 1) ** exponent.
 *
 * @param random a number from 0 up to, but not including, 1
 */
export function zipf(count: number, exponent: number, random: () => number = Math.random): () => number {
  const upTo = new Float64Array(count);
  let total = 0;
  for (let place = 0; place < count; place++) {
    total += (place + 1) ** -exponent;
    upTo[place] = total;
  }
  return () => {
    const drawn = random() * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
