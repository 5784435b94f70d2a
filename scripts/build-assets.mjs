// Compiles static/src into static/dist. `make assets` runs it after `npm ci`; `--watch` rebuilds on change.
// It stops with an error if anything of GOV.UK's own brand (typeface, crown, crest) or an address got into the output.
import { cp, mkdir, readFile, readdir, rename, rm, watch, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { compileAsync } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "static", "src");
const published = join(root, "static", "dist");
// Made beside and moved over file by file: a server or a test that reads meanwhile never finds a file missing.
const target = join(root, "static", `.dist-${process.pid}`);
const modules = join(root, "node_modules");
const FONTS = {
  "source-sans-3": ["latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal", "latin-ext-wght-italic"],
  "atkinson-hyperlegible-next": ["latin-wght-normal"],
};

const PRINT_FONTS = {
  "source-sans-3": ["latin", "latin-ext"].flatMap((subset) => [300, 400, 600, 700].map((weight) => `${subset}-${weight}`)),
  "atkinson-hyperlegible-next": ["latin-700"],
};

async function styles() {
  const result = await compileAsync(join(source, "scss", "app.scss"), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
  });
  await writeFile(join(target, "app.css"), result.css);
}

async function scripts() {
  const common = { bundle: true, minify: true, target: "es2020", legalComments: "none", logLevel: "warning" };
  await build({ ...common, entryPoints: [join(source, "js", "app.js")], outfile: join(target, "app.js"), format: "esm" });
  await build({ ...common, entryPoints: [join(source, "js", "boot.js")], outfile: join(target, "boot.js"), format: "iife" });
}

async function files() {
  await cp(join(source, "img"), join(target, "img"), { recursive: true });
  const fonts = join(target, "fonts");
  await mkdir(fonts);
  for (const [family, faces] of Object.entries(FONTS)) {
    const from = join(modules, "@fontsource-variable", family);
    for (const face of faces) await cp(join(from, "files", `${family}-${face}.woff2`), join(fonts, `${family}-${face}.woff2`));
    await cp(join(from, "LICENSE"), join(fonts, `${family}-LICENSE.txt`));
  }
  // Documents take one file for each weight: cutting weights out of the variable files costs seconds of every worker.
  for (const [family, faces] of Object.entries(PRINT_FONTS)) {
    const from = join(modules, "@fontsource", family, "files");
    for (const face of faces) await cp(join(from, `${family}-${face}-normal.woff2`), join(fonts, `${family}-${face}-normal.woff2`));
  }
}

const FORBIDDEN = [
  [/gds transport/i, "the restricted typeface"],
  [/crest|crown/i, "the crest or the crown"],
  [/sourceMappingURL/, "a source map that will not be there"],
  [/url\(["']?(https?:)?\/\//i, "an address outside this service"],
];

async function check() {
  for (const name of ["app.css", "app.js", "boot.js"]) {
    const text = await readFile(join(target, name), "utf8");
    for (const [pattern, what] of FORBIDDEN) {
      if (pattern.test(text)) throw new Error(`${name} contains ${what} (${pattern}).`);
    }
  }
}

async function listed(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(directory, join(entry.parentPath ?? entry.path, entry.name)));
}

async function publish() {
  const made = new Set(await listed(target));
  for (const name of made) {
    await mkdir(dirname(join(published, name)), { recursive: true });
    await rename(join(target, name), join(published, name));
  }
  for (const name of await listed(published)) {
    if (!made.has(name)) await rm(join(published, name));
  }
}

async function make() {
  const began = Date.now();
  try {
    await mkdir(target, { recursive: true });
    await Promise.all([styles(), scripts(), files()]);
    await check();
    await publish();
  } finally {
    await rm(target, { recursive: true, force: true });
  }
  console.log(`Assets built in ${relative(root, published)} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

await make();
if (process.argv.includes("--watch")) {
  for await (const change of watch(source, { recursive: true })) {
    await make().catch((error) => console.error(`${change.filename}: ${error.message}`));
  }
}
