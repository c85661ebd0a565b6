'use strict';
// Finds the function that the handler setting names, in AWS Lambda's order: the file itself, .js, .mjs, .cjs, and
// last a package from node_modules or NODE_PATH.

const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { HandlerNotFound, ImportModuleError, MalformedHandlerName, UserCodeSyntaxError } = require('./errors.cjs');

/** "src/app.handlers.main" is folder "src/", module "app" and export "handlers.main". */
function splitHandler(handler) {
  if (handler.includes('..')) {
    throw new MalformedHandlerName(`'${handler}' is not a valid handler name. `
      + 'Use absolute paths when specifying root directories in handler names.');
  }
  const base = path.basename(handler);
  const match = /^([^.]*)\.(.*)$/.exec(base);
  if (match === null) throw new MalformedHandlerName('Bad handler');
  return { folder: handler.slice(0, handler.lastIndexOf(base)), moduleName: match[1], exportPath: match[2] };
}

/** Whether the nearest package.json says that .js files are ES modules. */
function isModulePackage(folder) {
  if (folder.endsWith('/node_modules')) return false;
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8'))?.type === 'module';
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  return folder === path.dirname(folder) ? false : isModulePackage(path.dirname(folder));
}

async function loadModule(taskRoot, folder, moduleName) {
  const base = path.resolve(taskRoot, folder, moduleName);
  const userRequire = Module.createRequire(path.join(taskRoot, 'handler.js'));
  const importFile = (file) => import(pathToFileURL(file).href);
  if (isFile(base)) return userRequire(base);
  if (isFile(`${base}.js`)) {
    return isModulePackage(path.dirname(base)) ? importFile(`${base}.js`) : userRequire(`${base}.js`);
  }
  if (isFile(`${base}.mjs`)) return importFile(`${base}.mjs`);
  if (isFile(`${base}.cjs`)) return userRequire(`${base}.cjs`);
  return userRequire(userRequire.resolve(moduleName, { paths: [taskRoot, path.resolve(taskRoot, folder)] }));
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** Returns the handler. Throws one of the Runtime.* errors, or what the module itself threw. */
async function loadHandler(taskRoot, handler) {
  const { folder, moduleName, exportPath } = splitHandler(handler);
  let exported;
  try {
    exported = await loadModule(taskRoot, folder, moduleName);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserCodeSyntaxError(error);
    if (error?.code === 'MODULE_NOT_FOUND') throw new ImportModuleError(error);
    throw error;
  }
  const found = exportPath.split('.').reduce((owner, name) => owner?.[name], exported);
  if (!found) throw new HandlerNotFound(`${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new HandlerNotFound(`${handler} is not a function`);
  return found;
}

/** Lets require find what layers bring, in the folders where AWS mounts them. */
function useLayerFolders(taskRoot) {
  const major = process.versions.node.split('.')[0];
  process.env.NODE_PATH ??= [
    `/opt/nodejs/node${major}/node_modules`, '/opt/nodejs/node_modules', taskRoot,
  ].join(path.delimiter);
  // Node reads NODE_PATH once, before a generic environment knows its function; this is how it reads it again.
  Module._initPaths?.();
}

module.exports = { loadHandler, useLayerFolders };
