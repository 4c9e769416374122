/**
 * Keeps what the socket tells and what is read from falling behind each other: what is told while an answer is on its way
 * may be newer than the answer, so it is applied once more after it; an answer to an earlier question is not taken after
 * one to a later.
 */
export function createReading() {
  const underWay = new Set<(() => void)[]>();
  let asked = 0;
  let taken = 0;

  function apply(change: () => void): void {
    change();
    for (const meanwhile of underWay) meanwhile.push(change);
  }

  async function take<T>(ask: () => Promise<T>, fill: (answer: T) => void): Promise<T> {
    const number = ++asked;
    const meanwhile: (() => void)[] = [];
    underWay.add(meanwhile);
    try {
      const answer = await ask();
      if (number > taken) {
        taken = number;
        fill(answer);
        for (const change of meanwhile) change();
      }
      return answer;
    } finally {
      underWay.delete(meanwhile);
    }
  }

  return { apply, take };
}
