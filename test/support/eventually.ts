import { vi } from "vitest";

/** Vitest's `waitFor` with the time that a loaded machine may take: by itself it gives up after one second. */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, 60_000);
