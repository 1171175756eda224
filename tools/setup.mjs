// Prepares a clone for any of the npm scripts, so that none needs a step before it:
//   node tools/setup.mjs            installs the packages when they are missing or out of date
//   node tools/setup.mjs --build    and then builds the apps when their sources changed
// Plain JavaScript without packages: it runs on whatever Node the machine has, before node_modules
// exists. What runs after it uses the Node of the npm package "node".
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const LOCK_FILE = join(ROOT, 'package-lock.json');
/** npm writes this file last, so its age is the age of a complete installation. */
const INSTALLED_MARK = join(ROOT, 'node_modules', '.package-lock.json');
const MIN_NODE = { major: 20, minor: 19 };
const INSTALL_ATTEMPTS = 2;

const env = {
  ...process.env,
  PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
};

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOldMajor = major < MIN_NODE.major;
  if (isOldMajor || (major === MIN_NODE.major && minor < MIN_NODE.minor)) {
    fail(
      `Node ${MIN_NODE.major}.${MIN_NODE.minor} or newer is needed, ` +
        `this is ${process.versions.node} (${process.execPath}).`,
    );
  }
}

function isInstalled() {
  if (!existsSync(INSTALLED_MARK)) return false;
  return statSync(INSTALLED_MARK).mtimeMs >= statSync(LOCK_FILE).mtimeMs;
}

function install() {
  for (let attempt = 1; attempt <= INSTALL_ATTEMPTS; attempt += 1) {
    console.log(`setup: installing packages (npm ci), attempt ${attempt} of ${INSTALL_ATTEMPTS}`);
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: ROOT,
      env,
      stdio: 'inherit',
    });
    if (status === 0) return;
  }
  fail('npm ci failed; its messages stand above.');
}

function build() {
  const { status, stdout, stderr, error } = spawnSync('nx', ['run-many', '-t', 'build'], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    maxBuffer: Infinity,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  fail(`the build failed${error ? `: ${error.message}` : ''}.`);
}

checkNode();
if (!isInstalled()) install();
if (process.argv.includes('--build')) build();
