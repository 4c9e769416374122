/** The columns of the list of accounts, the same for its head and its rows. */
export const channelColumns =
  "grid items-center gap-x-4 grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)_minmax(0,.62fr)_176px_80px_44px] max-lg:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)_minmax(0,.62fr)_176px_44px] max-md:grid-cols-[minmax(0,1fr)_auto_16px]";
