/** The dependency rule of ARCHITECTURE.md, checked over the whole import graph. */
const onlyFrom = (name, library, folder, comment) => ({
  name,
  severity: "error",
  comment,
  from: { pathNot: [`^${folder}`, "\\.test\\.tsx?$", "^tests/"] },
  to: { path: `(^|/)node_modules/${library}(/|$)`, dependencyTypesNot: ["type-only"] },
});

const not = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from, pathNot: "\\.test\\.tsx?$" },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "Data flows one way.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    not("shared-imports-nothing-outside", "^src-shared", "^(src-main|src-renderer)", "src-shared runs anywhere."),
    not("domain-below-contract", "^src-shared/(domain|lib)", "^src-shared/contract", "lib <- domain <- contract."),
    not("lib-below-domain", "^src-shared/lib", "^src-shared/(domain|contract)", "lib <- domain <- contract."),
    not("platform-is-lowest", "^src-main/platform", "^src-main/(ml|data|engine|apps)", "platform imports shared only."),
    not("ml-knows-no-data", "^src-main/ml", "^src-main/(data|engine|apps)", "ml and data are siblings."),
    not("data-knows-no-ml", "^src-main/data", "^src-main/(ml|engine|apps)", "ml and data are siblings."),
    not("engine-knows-no-host", "^src-main/engine", "^src-main/apps", "Hosts mount the engine."),
    not("apps-are-apart-cli", "^src-main/apps/cli", "^src-main/apps/(shell|preload|headless)", "Apps never import one another."),
    not("apps-are-apart-headless", "^src-main/apps/headless", "^src-main/apps/(shell|preload|cli)", "Apps never import one another."),
    not("apps-are-apart-shell", "^src-main/apps/(shell|preload)", "^src-main/apps/(headless|cli)", "Apps never import one another."),
    not("apps-go-through-engine", "^src-main/apps", "^src-main/(ml|data)", "Apps talk to the engine."),
    not("interface-knows-only-the-contract", "^src-renderer", "^src-main", "The interface knows only src-shared."),
    {
      name: "features-are-apart",
      severity: "error",
      comment: "Features never import one another.",
      from: { path: "^src-renderer/features/([^/]+)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^src-renderer/features/([^/]+)/", pathNot: "^src-renderer/features/$1/" },
    },
    not(
      "ui-knows-no-feature",
      "^src-renderer/(ui|charts|lib)",
      "^src-renderer/(features|routes|app)",
      "ui, charts and lib are below the features.",
    ),
    not(
      "tensor-is-lowest",
      "^src-main/ml/tensor",
      "^src-main/ml/(graph|nn|models|metrics|runtime|scoring|weights|preprocess|random)",
      "tensor <- graph <- nn <- models <- metrics.",
    ),
    not(
      "graph-below-nn",
      "^src-main/ml/graph",
      "^src-main/ml/(nn|models|metrics|runtime|scoring|preprocess)",
      "tensor <- graph <- nn <- models <- metrics.",
    ),
    not(
      "nn-below-models",
      "^src-main/ml/nn",
      "^src-main/ml/(models|metrics|runtime|scoring|preprocess)",
      "tensor <- graph <- nn <- models <- metrics.",
    ),
    not("models-below-metrics", "^src-main/ml/models", "^src-main/ml/metrics", "models <- metrics."),
    not(
      "scoring-knows-no-model",
      "^src-main/ml/scoring",
      "^src-main/ml/(models|metrics|weights|nn|preprocess)",
      "scoring is about features, whatever made them.",
    ),
    onlyFrom("one-door-onnxruntime", "onnxruntime-node", "src-main/ml/runtime/", "onnxruntime-node only in ml/runtime."),
    onlyFrom("one-door-sharp", "sharp", "src-main/data/imaging/", "sharp only in data/imaging."),
    onlyFrom("one-door-lancedb", "(@lancedb|apache-arrow)", "src-main/data/store/", "LanceDB and Arrow only in data/store."),
    onlyFrom("one-door-exifreader", "exifreader", "src-main/data/metadata/container", "ExifReader only in data/metadata/container."),
    onlyFrom("one-door-watcher", "@parcel/watcher", "src-main/data/library/watcher", "the watcher only in data/library/watcher."),
    onlyFrom("one-door-settings", "conf", "src-main/platform/settings", "conf only in platform/settings."),
    onlyFrom("one-door-electron", "electron", "src-main/apps/(shell|preload)/", "electron only in apps/shell and apps/preload."),
    {
      name: "headless-and-cli-never-reach-electron",
      severity: "error",
      comment: "They run where there is no Electron.",
      from: { path: "^src-main/apps/(headless|cli)" },
      to: { path: "(^|/)node_modules/electron(/|$)", reachable: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.(css|json|webp|svg)$" },
    tsConfig: { fileName: "tsconfig.tests.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs"],
    },
  },
};
