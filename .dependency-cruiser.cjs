/** Who may import whom: docs/architecture.md in rules. A violation fails the check. */
const schemas = "/(schema|contract)\\.ts$|^inbox/schema/";
const house =
  "^(app|cards|connectors|core|demo|embedded-mongo|inbox|test|ui|widget|workspace|server\\.ts|main\\.ts)";
const features = ["workspace", "inbox", "widget", "cards"];

/** `from` may import only what `to` (a list of patterns) names, besides itself and npm. */
const only = (name, from, to, fromNot) => ({
  name,
  severity: "error",
  from: { path: from, ...(fromNot ? { pathNot: fromNot } : {}) },
  to: { path: house, pathNot: [from, ...to] },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles-between-folders",
      severity: "error",
      from: { path: "^([^/]+)/" },
      to: { circular: true, viaOnly: { pathNot: "^$1/" } },
    },
    only("core-knows-no-feature", "^core/", [], "^core/db\\.ts$"),
    only("only-the-database-loads-the-store", "^core/db\\.ts$", ["^core/", "^embedded-mongo/index\\.ts$"]),
    only("the-store-stands-alone", "^embedded-mongo/", []),
    only("the-kit-stands-alone", "^ui/", [], "^ui/session\\.ts$"),
    only("the-kit-knows-the-shapes-of-a-session", "^ui/session\\.ts$", ["^ui/", schemas]),
    only("simulators-stand-alone", "^demo/simulators/", []),
    only("the-demo-uses-the-doors-of-a-user", "^demo/", [schemas]),
    {
      name: "shapes-are-browser-safe",
      severity: "error",
      from: { path: schemas, pathNot: "^(demo|test)/" },
      to: { pathNot: [schemas, "node_modules/zod/", "^cards/blocks/"] },
    },
    {
      name: "blocks-are-browser-safe",
      severity: "error",
      from: { path: "^cards/blocks/" },
      to: { pathNot: ["^cards/blocks/", "node_modules/(zod|uqr)/"] },
    },
    only("a-connector-knows-the-contract", "^connectors/([^/]+)/", [
      "^connectors/(contract|graph|remux)\\.ts$",
      "^connectors/$1/",
    ]),
    {
      name: "connectors-are-apart",
      severity: "error",
      from: { path: "^connectors/([^/]+)/" },
      to: { path: "^connectors/([^/]+)/", pathNot: "^connectors/$1/" },
    },
    only(
      "the-inbox-knows-core-and-the-contract",
      "^inbox/",
      ["^core/", "^connectors/contract\\.ts$", schemas],
      "^inbox/web/",
    ),
    only(
      "the-workspace-enters-by-doors",
      "^workspace/",
      ["^core/", "^inbox/index\\.ts$", schemas],
      "^workspace/web/",
    ),
    only(
      "the-widget-enters-by-doors",
      "^widget/",
      ["^core/", "^connectors/contract\\.ts$", "^inbox/index\\.ts$", schemas],
      "^widget/(web|site)/",
    ),
    only(
      "cards-enter-by-doors",
      "^cards/",
      ["^core/", "^connectors/contract\\.ts$", "^inbox/index\\.ts$", schemas],
      "^cards/(web|blocks)/",
    ),
    only("the-site-carries-nothing-but-its-own", "^widget/site/", ["^widget/schema\\.ts$"]),
    ...features.map((feature) =>
      only(`screens-of-${feature}`, `^${feature}/web/`, ["^ui/", schemas, `^${feature}/blocks/`]),
    ),
    only("the-application-frame", "^app/", ["^ui/", "^[^/]+/web/index\\.ts$", schemas]),
    {
      name: "nobody-imports-the-root",
      severity: "error",
      from: { pathNot: ["^main\\.ts$", "^test/"] },
      to: { path: "^server\\.ts$" },
    },
    {
      name: "no-dev-dependencies-in-the-product",
      severity: "error",
      from: {
        path: "^(cards|core|connectors|workspace|inbox|widget|embedded-mongo|main|server)",
        pathNot: "/(web|site)/",
      },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|data|coverage|screenshots)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".vue", ".js", ".mjs", ".cjs", ".json", ".css"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
