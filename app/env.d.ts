/// <reference types="vite/client" />
/// <reference types="vite-plugin-pwa/client" />

/** For tools that read TypeScript alone; vue-tsc looks into the files themselves. */
declare module "*.vue" {
  import type { Component } from "vue";
  const component: Component;
  export default component;
}
