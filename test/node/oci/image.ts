/** Packs file system archives into an image archive (OCI image layout in a tar) that containerd and podman import. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { writeTar } from './tar.ts';
import type { TarFile } from './tar.ts';

/** How the image is run: the part of the OCI image configuration that we use, by its names. */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
}

export interface Image {
  /** With registry and tag: localhost/postgres:15 */
  readonly name: string;
  /** Uncompressed tar archives, the lowest first. */
  readonly layers: readonly string[];
  readonly config: ImageConfig;
}

const TYPE = 'application/vnd.oci.image';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly file: TarFile;
}

/** Writes the image to `output`. */
export async function packImage(output: string, { name, layers, config }: Image): Promise<void> {
  const blobs = await Promise.all(layers.map(blobOfFile));
  const platform = { architecture: ARCHITECTURES[process.arch] ?? process.arch, os: 'linux' };
  const rootfs = { type: 'layers', diff_ids: blobs.map(({ digest }) => digest) };
  const configuration = blobOf({ ...platform, config, rootfs });
  const manifest = blobOf({
    schemaVersion: 2,
    mediaType: `${TYPE}.manifest.v1+json`,
    config: descriptor('config.v1+json', configuration),
    layers: blobs.map((blob) => descriptor('layer.v1.tar', blob)),
  });
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
  };
  const index = {
    schemaVersion: 2,
    mediaType: `${TYPE}.index.v1+json`,
    manifests: [{ ...descriptor('manifest.v1+json', manifest), platform, annotations }],
  };
  await writeTar(output, [
    { path: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', content: json(index) },
    ...[manifest, configuration, ...blobs].map(({ file }) => file),
  ]);
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const descriptor = (type: string, { digest, size }: Blob): object => ({
  mediaType: `${TYPE}.${type}`,
  digest,
  size,
});

function blobOf(value: unknown): Blob {
  const content = json(value);
  const hex = createHash('sha256').update(content).digest('hex');
  return blob(hex, content.length, content);
}

async function blobOfFile(file: string): Promise<Blob> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return blob(hash.digest('hex'), (await stat(file)).size, { file });
}

function blob(hex: string, size: number, content: TarFile['content']): Blob {
  return { digest: `sha256:${hex}`, size, file: { path: `blobs/sha256/${hex}`, content } };
}
