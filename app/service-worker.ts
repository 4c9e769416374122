import { registerSW } from "virtual:pwa-register";

const hour = 3_600_000;

/** Registers the service worker of the built application and looks for a new version once an hour. */
export function watchVersion(onReady: () => void): () => void {
  const refresh = registerSW({
    onNeedRefresh: onReady,
    onRegisteredSW: (_address, registration) => {
      if (registration) setInterval(() => void registration.update(), hour);
    },
  });
  return () => void refresh(true);
}
