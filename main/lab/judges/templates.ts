/** Judge templates as files: those that come with the lab, and those of the experiment's own folder, which go first. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NotFoundError, StoreError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import { type JudgeTemplate, parseTemplate } from "#app/judging/template.ts";
import { templateWords } from "#app/text/templates.ts";
import { insertTemplate, templateByVersion } from "#main/store/queries/judge-requests.ts";
import type { LabContext } from "../context.ts";
import { resourcePath } from "../resources.ts";
import { hashText } from "../system.ts";

export type LoadedTemplate = JudgeTemplate & {
  /** SHA-256 of the file's text. */
  readonly version: ContentHash;
};

const SHIPPED = resourcePath("judge-templates");
const ENDING = ".md";

function homes(lab: LabContext): { readonly folder: string; readonly isOwn: boolean }[] {
  return [
    { folder: join(lab.folder, "judge-templates"), isOwn: true },
    { folder: SHIPPED, isOwn: false },
  ];
}

/** Reads a template and keeps its text, so that a run can go on with it. Throws NotFoundError or ConfigError. */
export function loadTemplate(lab: LabContext, name: string): LoadedTemplate {
  for (const { folder } of homes(lab)) {
    const text = readIfThere(join(folder, `${name}${ENDING}`));
    if (text === undefined) continue;
    const template = { ...parseTemplate(name, text), version: hashText(text) };
    insertTemplate(lab.store.db, { version: template.version, name, text });
    return template;
  }
  const names = listTemplates(lab).map((template) => template.name);
  throw new NotFoundError(templateWords.unknown(name, names.join(", ")));
}

/** A template as it was when a run was planned, whatever has become of its file. */
export function storedTemplate(lab: LabContext, version: string): LoadedTemplate {
  const stored = templateByVersion(lab.store.db, version);
  if (stored === undefined) throw new StoreError(templateWords.notStored(version));
  return { ...parseTemplate(stored.name, stored.text), version: hashText(stored.text) };
}

export type ListedTemplate = Pick<LoadedTemplate, "name" | "mode" | "reply" | "version"> & { readonly isOwn: boolean };

/** Those that can be read, by name; one of the folder's own hides the shipped one of its name. */
export function listTemplates(lab: LabContext): ListedTemplate[] {
  const byName = new Map<string, ListedTemplate>();
  for (const { folder, isOwn } of homes(lab).reverse()) {
    for (const file of filesIn(folder).filter((one) => one.endsWith(ENDING))) {
      const name = file.slice(0, -ENDING.length);
      const text = readFileSync(join(folder, file), "utf8");
      const { mode, reply } = parseTemplate(name, text);
      byName.set(name, { name, mode, reply, version: hashText(text), isOwn });
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // An experiment without templates of its own.
    return [];
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Looked for in the next place.
    return undefined;
  }
}
