/** A software bill of materials of the bundle: CycloneDX 1.6, as JSON. */
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { BundledPackage, Contents } from './contents.ts';
import type { Product } from './product.ts';

/** The same text for the same contents: without a serial number and the time at which it was made. */
export function sbomOf({ packages, imports }: Contents, product: Product): string {
  const root = application(product);
  const components = new Map(packages.map((each) => [each.directory, library(each)]));
  const depend = (component: Models.Component, directories: readonly string[]): void => {
    for (const directory of directories) {
      const target = components.get(directory);
      if (target !== undefined) component.dependencies.add(target.bomRef);
    }
  };
  depend(root, imports);
  for (const each of packages) {
    const component = components.get(each.directory);
    if (component !== undefined) depend(component, each.imports);
  }
  const platform = nodeJs(product.node);
  root.dependencies.add(platform.bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: root }),
    components: new Models.ComponentRepository([...components.values(), platform]),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function application({ name, version, licence, description }: Product): Models.Component {
  return new Models.Component(Enums.ComponentType.Application, name, {
    bomRef: `${name}@${version}`,
    version,
    description,
    licenses: new Models.LicenseRepository([licenceOf(licence)]),
  });
}

function library({ name, version, licence, directory, integrity }: BundledPackage): Models.Component {
  const [, group, short = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return new Models.Component(Enums.ComponentType.Library, short, {
    ...(group !== undefined && { group }),
    // One package may be there in two places and versions.
    bomRef: directory,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    scope: Enums.ComponentScope.Required,
    licenses: new Models.LicenseRepository(licence === '' ? [] : [licenceOf(licence)]),
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], sha512Of(integrity)]]),
  });
}

function nodeJs(version: string): Models.Component {
  return new Models.Component(Enums.ComponentType.Platform, 'node', {
    bomRef: `node@${version}`,
    version,
    description: 'Node.js, in the image',
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    licenses: new Models.LicenseRepository([licenceOf('MIT')]),
  });
}

function licenceOf(licence: string): Models.License {
  return / (OR|AND|WITH) /.test(licence)
    ? new Models.LicenseExpression(licence)
    : new Models.SpdxLicense(licence);
}

/** In hexadecimal, from a subresource integrity of the lockfile. */
function sha512Of(integrity: string): string {
  const base64 = /(?:^| )sha512-(\S+)/.exec(integrity)?.[1];
  if (base64 === undefined) throw new Error(`Expected an integrity with sha512, got "${integrity}"`);
  return Buffer.from(base64, 'base64').toString('hex');
}
