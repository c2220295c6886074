// Programs compiled to one JavaScript file, with V8's code cache beside it: they start in a fraction of the time.
// Plain CommonJS on purpose: it runs where nothing understands TypeScript yet, and as the first file of a process.
const { createHash } = require('node:crypto');
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { createRequire } = require('node:module');
const nodePath = require('node:path');
const { Script } = require('node:vm');

/** Another Node makes another code cache. */
const node = `${process.version}-${process.arch}`;

/** The compiled file of a program, if all it was made of is still as it was then. */
function findCompiled(folder, name, key) {
  try {
    const manifest = JSON.parse(readFileSync(nodePath.join(folder, `${name}.json`), 'utf8'));
    if (manifest.key !== key || !manifest.inputs.every(isUnchanged)) return undefined;
    const file = nodePath.join(folder, manifest.file);
    statSync(file);
    return file;
  } catch {
    // Never made, or damaged: it is made anew.
    return undefined;
  }
}

function isUnchanged({ path, mtimeMs, size }) {
  const now = statSync(path);
  return now.mtimeMs === mtimeMs && now.size === size;
}

/**
 * Keeps a program that was compiled. The file's name tells its content: V8 takes a code cache for that of any text of
 * the same length.
 */
function keepCompiled(folder, name, { key, code, inputs }) {
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const file = `${name}-${digest}.cjs`;
  mkdirSync(folder, { recursive: true });
  writeWhole(nodePath.join(folder, file), code);
  const stated = inputs.map((path) => {
    const { mtimeMs, size } = statSync(path);
    return { path, mtimeMs, size };
  });
  writeWhole(nodePath.join(folder, `${name}.json`), JSON.stringify({ key, file, inputs: stated }));
  removeOld(folder, (other) => other.startsWith(`${name}-`) && !other.startsWith(file));
  return nodePath.join(folder, file);
}

/** Those of days before; a younger one may be about to be loaded by another command. */
function removeOld(folder, isOurs) {
  for (const name of readdirSync(folder).filter(isOurs)) {
    const path = nodePath.join(folder, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > 24 * 3_600_000) rmSync(path);
    } catch {
      // Another command was faster.
    }
  }
}

/** Two commands may write the same file at once: each reader finds a whole one. */
function writeWhole(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/**
 * Runs a compiled file. `saveCodeCache` is to be called when most of its functions have run: those are in it then.
 * @param use what it is run for: each use has a code cache of its own
 */
function loadCompiled(file, use = 'all') {
  const cacheFile = `${file}.${use}-${node}.cache`;
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`,
    { filename: file, cachedData: readIfThere(cacheFile) },
  );
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, nodePath.dirname(file));
  return {
    exports: module.exports,
    saveCodeCache: () => {
      if (script.cachedDataRejected === false) return;
      writeWhole(cacheFile, script.createCachedData());
    },
  };
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { findCompiled, keepCompiled, loadCompiled, removeOld, writeWhole };
