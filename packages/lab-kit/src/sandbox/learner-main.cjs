// The first file of a learner's process: `node learner-main.cjs <the compiled runtime>`.
const { loadCompiled } = require('../compiled/compiled.cjs');

const { exports: runtime, saveCodeCache } = loadCompiled(process.argv[2]);
runtime.serve({ importModule: (url) => import(url), saveCodeCache });
