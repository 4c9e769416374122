// Wears the stored look before the first paint; ui/use-theme.ts takes over.
(function () {
  var root = document.documentElement;
  var theme = localStorage.getItem("theme") || "auto";
  var dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", dark);
  root.dataset.accent = localStorage.getItem("accent") || "indigo";
  root.dataset.density = localStorage.getItem("density") || "comfortable";
})();
