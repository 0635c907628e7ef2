// Bundles the scripts, the style sheet and the fonts into the folder that Django serves.
// `manifest.json` gives each file's digest, so that a page can name the version it wants.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "src", "regie", "web", "static", "build");
const entryPoints = ["src/app.ts", "src/app.css"];

const missing = entryPoints.filter((entry) => !existsSync(join(here, entry)));
if (missing.length > 0) {
  console.error(`frontend/${missing.join(", frontend/")}: not there, nothing to build.`);
  process.exit(1);
}

await rm(target, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints,
  outdir: target,
  entryNames: "[name]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "dataurl" },
  minify: true,
  sourcemap: "linked",
  // Names of people's languages and places go out as they are, not as escapes.
  charset: "utf8",
  legalComments: "linked",
  logLevel: "warning",
});

// Beside each text that is large enough lies its compressed form, which the server gives instead.
const compressed = /\.(js|css|svg)$/;
const manifest = {};
for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name.endsWith(".map")) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const content = await readFile(path);
  if (compressed.test(path) && content.length > 1000) {
    await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
  const digest = createHash("sha256").update(content).digest("hex");
  manifest[relative(target, path).replaceAll("\\", "/")] = digest.slice(0, 12);
}
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(join(target, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
