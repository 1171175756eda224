// Without a cached project graph @nx/enforce-module-boundaries prints "rule will be skipped" and
// passes everything. Making sure of the graph here means that no way of starting ESLint skips it.
import devkit from 'nx/src/devkit-exports.js';

/** Reads Nx's cached project graph, or makes it (about a second) where there is none. */
export async function ensureProjectGraph() {
  try {
    devkit.readCachedProjectGraph();
  } catch {
    await devkit.createProjectGraphAsync({ exitOnError: false, resetDaemonClient: true });
    devkit.readCachedProjectGraph();
  }
}
