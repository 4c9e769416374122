export const root: string;
export function build(options?: { quiet?: boolean }): Promise<void>;
