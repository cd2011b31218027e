// The certificate library's dependency injection looks for this polyfill when it is loaded.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR_MS = 3_600_000;
/** A demo cluster may be left running for long; nothing here outlives its state directory. */
const LIFETIME_MS = 10 * 365 * 24 * HOUR_MS;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** Who a client certificate says its holder is: user name and groups. */
export interface Identity {
  user: string;
  groups?: readonly string[];
}

/** The certificate authority of one cluster. It signs server and client certificates alike. */
export class CertificateAuthority {
  /** PEM */
  readonly cert: string;
  readonly #issuer: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(issuer: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.#issuer = issuer;
    this.#key = key;
    this.cert = issuer.toString('pem');
  }

  static async create(): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const issuer = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: ['zen-lead test cluster'] }],
      keys,
      signingAlgorithm: ALGORITHM,
      ...validity(),
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(issuer, keys.privateKey);
  }

  /**
   * For a server on 127.0.0.1. It may also act as a client, as etcd does towards itself.
   * @param others IP addresses and DNS names that it has besides
   */
  async serverCertificate(name: string, others: readonly string[] = []): Promise<KeyPair> {
    const names = ['127.0.0.1', 'localhost', ...others].map((value): x509.JsonGeneralName => {
      return { type: isIP(value) === 0 ? 'dns' : 'ip', value };
    });
    return this.#issue({ CN: [name] }, [
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension(names),
    ]);
  }

  async clientCertificate({ user, groups = [] }: Identity): Promise<KeyPair> {
    return this.#issue({ CN: [user], ...(groups.length === 0 ? {} : { O: [...groups] }) }, [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ]);
  }

  async #issue(subject: Record<string, string[]>, extensions: x509.Extension[]): Promise<KeyPair> {
    const keys = await newKeys();
    const cert = await x509.X509CertificateGenerator.create({
      // One relative distinguished name each, so that several groups are several O attributes.
      subject: Object.entries(subject).flatMap(([type, values]) =>
        values.map((value) => ({ [type]: [value] })),
      ),
      issuer: this.#issuer.subject,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
      ...validity(),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        await x509.AuthorityKeyIdentifierExtension.create(this.#issuer),
        ...extensions,
      ],
    });
    return { cert: cert.toString('pem'), key: await privatePem(keys.privateKey) };
  }
}

/** A private key, PEM, to sign and to check service account tokens with. */
export function serviceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + LIFETIME_MS) };
}
