import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packImage } from '../../node/oci/image.ts';
import { writeTar } from '../../node/oci/tar.ts';

const sha256 = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

interface Descriptor {
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

describe('packing images', () => {
  let directory: string;
  let archive: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'zen-lead-oci-'));
    archive = join(directory, 'image.tar');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const tar = (...args: string[]): Buffer => execFileSync('tar', args, { maxBuffer: 1 << 24 });
  const inArchive = (path: string): Buffer => tar('-xOf', archive, path);

  function layer(name: string, content: Buffer | string): string {
    const file = join(directory, name);
    writeFileSync(file, content);
    return file;
  }

  describe('a tar archive', () => {
    it('has the content and the mode of every file, whatever its length', async () => {
      const sizes = [0, 1, 511, 512, 513, 70_000];
      const files = sizes.map((size) => ({
        path: `dir/${String(size)}`,
        content: Buffer.alloc(size, 'x'),
        mode: 0o755,
      }));
      await writeTar(archive, files);
      for (const { path, content } of files) expect(inArchive(path).equals(content), path).to.equal(true);
      const lines = tar('-tvf', archive).toString().trim().split('\n');
      expect(lines).to.have.length(sizes.length);
      for (const line of lines) expect(line).to.match(/^-rwxr-xr-x (root|0)\/(root|0) /);
    });

    it('takes content from a file', async () => {
      await writeTar(archive, [{ path: 'a', content: { file: layer('source', 'from a file') } }]);
      expect(inArchive('a').toString()).to.equal('from a file');
    });

    it('is the same for the same files', async () => {
      const files = [{ path: 'a', content: Buffer.from('1') }];
      const other = join(directory, 'other.tar');
      await writeTar(archive, files);
      await writeTar(other, files);
      expect(readFileSync(archive).equals(readFileSync(other))).to.equal(true);
      expect(statSync(archive).size % 512).to.equal(0);
    });

    it('refuses a path that it has no room for', async () => {
      const long = 'x'.repeat(101);
      const error = await writeTar(archive, [{ path: long, content: Buffer.alloc(0) }]).catch(
        (e: unknown) => e,
      );
      expect(error).to.be.instanceOf(RangeError);
    });
  });

  describe('an image archive', () => {
    const config = { Entrypoint: ['/start'], User: '65532:65532', Env: ['A=b'] };

    async function packed(): Promise<{ index: Descriptor; read: (descriptor: Descriptor) => unknown }> {
      const layers = [layer('one.tar', 'lower'), layer('two.tar', 'upper')];
      await packImage(archive, { name: 'localhost:5000/some/db:15', layers, config });
      const { manifests } = JSON.parse(inArchive('index.json').toString()) as { manifests: [Descriptor] };
      const read = ({ digest, size }: Descriptor): unknown => {
        const blob = inArchive(`blobs/sha256/${digest.replace('sha256:', '')}`);
        expect(sha256(blob)).to.equal(digest);
        expect(blob).to.have.length(size);
        return JSON.parse(blob.toString());
      };
      return { index: manifests[0], read };
    }

    it('leads by true digests and sizes from the index to the configuration', async () => {
      const { index, read } = await packed();
      const manifest = read(index) as { config: Descriptor; layers: Descriptor[] };
      const image = read(manifest.config) as { config: object; rootfs: { diff_ids: string[] } };
      expect(image.config).to.deep.equal(config);
      const digests = ['lower', 'upper'].map((text) => sha256(Buffer.from(text)));
      expect(image.rootfs.diff_ids).to.deep.equal(digests);
      expect(manifest.layers.map(({ digest }) => digest)).to.deep.equal(digests);
      expect(manifest.layers.map(({ size }) => size)).to.deep.equal([5, 5]);
      expect(inArchive(`blobs/sha256/${digests[1]!.slice(7)}`).toString()).to.equal('upper');
    });

    it('carries the name for containerd, and the tag for others', async () => {
      const { index } = await packed();
      expect(index.annotations).to.deep.equal({
        'io.containerd.image.name': 'localhost:5000/some/db:15',
        'org.opencontainers.image.ref.name': '15',
      });
    });
  });
});
