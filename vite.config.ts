import tailwind from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const server = "http://127.0.0.1:3000";

/** The parts that the frame and the inbox need at once come as one file: small ones compress badly and cost a request each. */
const frameParts =
  /[\\/]ui[\\/](kit[\\/](Avatar|Button|ChannelGlyph|CheckBox|Count|Filter|FieldSearch|KeyHint|Menu|Skeleton|Spinner|StateError|TagChip|Toast|Tooltip)|[a-z-]+\.ts$)/;

/** What the inbox gives to the frame of every screen, and what its list needs besides, each as one file for the same reason. */
const sideParts =
  /[\\/]inbox[\\/]web[\\/](side|format-count|use-inbox-route|begin[\\/]begin\.ts|store[\\/](conversations|directory|inbox-api|local-store))/;
const listParts =
  /[\\/]inbox[\\/]web[\\/](InboxScreen|acts[\\/]menus|store|list[\\/](Conversation|ListHeader|swipe-row|use-selection|Bulk))/;

/** What the service worker must never answer. */
const serverPaths = [
  /^\/api\//,
  /^\/socket\.io\//,
  /^\/public\//,
  /^\/connect\//,
  /^\/webhooks\//,
  /^\/(healthz|readyz|metrics)$/,
  /^\/openapi/,
  /^\/docs/,
  /^\/widget\/./,
  /^\/c[/-]/,
];

const pwa = VitePWA({
  registerType: "prompt",
  injectRegister: false,
  includeAssets: ["icon.svg", "theme.js"],
  manifest: {
    name: "Switchboard",
    short_name: "Switchboard",
    description: "Every messenger of a business in one hub.",
    id: "/",
    start_url: "/inbox",
    scope: "/",
    display: "standalone",
    background_color: "#f3f4f6",
    theme_color: "#4a4fd8",
    icons: [
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  },
  workbox: {
    globPatterns: ["**/*.{js,css,html}", "assets/inter-{latin,cyrillic}-wght-normal-*.woff2"],
    // names of emoji, figures, visitors now, the builder of cards with its preview: of no use without the hub
    globIgnores: [
      "**/compact-*",
      "**/{StatisticsTab,VisitorsScreen,CardsScreen,CardImport,CardFrame,LayoutPicker,layouts,PreviewPane,DesignTab,ShareTab,page}-*",
      "**/{builder,look,share,import,design}.{en,ru}-*",
      "sw-routes.js",
    ],
    importScripts: ["/sw-routes.js"],
    navigateFallback: "/index.html",
    navigateFallbackDenylist: serverPaths,
    cleanupOutdatedCaches: true,
  },
});

export default defineConfig({
  root: "app",
  publicDir: "public",
  plugins: [vue(), tailwind(), pwa],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: {
      "/api": { target: server },
      "/socket.io": { target: server, ws: true },
    },
    fs: { allow: [here(".")] },
  },
  build: {
    outDir: "../dist/web",
    manifest: true,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "vue",
              test: /node_modules[\\/](@vue|vue|vue-router|vue-i18n|@intlify)[\\/]/,
              priority: 4,
            },
            { name: "icons", test: /node_modules[\\/]@lucide[\\/]/, minShareCount: 2, priority: 3 },
            { name: "kit", test: frameParts, priority: 2 },
            { name: "side", test: sideParts, priority: 1 },
            { name: "list", test: listParts },
          ],
        },
      },
    },
  },
});
