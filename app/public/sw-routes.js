// Part of the service worker. What goes to the server goes past it: a page that is being left cannot take back what the
// worker did not answer, so the last words of a page that is closed or loaded again would be lost.
self.addEventListener("install", (event) => {
  const past = ["/api/*", "/socket.io/*", "/public/*"];
  event.addRoutes?.(past.map((urlPattern) => ({ condition: { urlPattern }, source: "network" })));
});
