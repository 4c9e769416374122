/** Puts a dot onto the tab's icon while something is unread. */
export function markFavicon(unread: boolean): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (!link) return;
  const wanted = unread ? "/icon-unread.svg" : "/icon.svg";
  if (!link.href.endsWith(wanted)) link.href = wanted;
}
