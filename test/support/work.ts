/**
 * What the processor did for `act`, in milliseconds and over all threads of this process. Unlike the clock it
 * does not count what others kept the machine busy with, so it can bound what hostile input costs.
 */
export async function workOf(act: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
