/** docs/licences.md: the packages that ship with the lab, by licence. */
import { importedPackages, lockedPackages, type ShippedPackage, shippedPackages } from "./licences.ts";
import { table } from "./markdown.ts";

const HEAD = `# Licences of what ships

<!-- prettier-ignore-start -->
<!-- Made from package-lock.json and the imports of app, main and renderer by \`node tools/run.cjs docs\`; do not edit by hand. -->

Nash Lab itself is under the MIT licence (\`LICENSE\`). It comes with these packages: what its code imports, and what those need. What only builds or tests the lab is not among them. A test refuses a licence that is not in the list of \`tests/house/licences.test.ts\`.`;

export function renderLicencesPage(): string {
  const packages = shippedPackages(importedPackages(), lockedPackages());
  const byLicence = Map.groupBy(packages, (shipped) => shipped.licence);
  const counts = [...byLicence].map(([licence, list]) => [licence, list.length] as const).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return `${[HEAD, table(["licence", "packages"], counts), table(["package", "version", "licence"], packages.map(cells)), "<!-- prettier-ignore-end -->"].join("\n\n")}\n`;
}

function cells(shipped: ShippedPackage): string[] {
  return [shipped.name, shipped.version, shipped.licence];
}
