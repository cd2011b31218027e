/** Images that the tests make from Debian packages, since no registry is asked: add one here, and `ensureImage` makes it. */
import type { ImageConfig } from '../oci/image.ts';

export interface Recipe {
  /** As a pod names it. Nobody but this machine answers for "localhost": it is never pulled. */
  readonly name: string;
  /** Debian packages, from the suite below. */
  readonly packages: readonly string[];
  /** Shell commands in the finished root file system, as root. */
  readonly commands: readonly string[];
  /** Scripts put in: path without the leading slash → text. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly config: ImageConfig;
}

export const SUITE = 'bookworm';
/** Of Debian 12. */
const POSTGRES_VERSION = 15;
const DATA = '/var/lib/postgresql/data';
const PATH = `/usr/lib/postgresql/${String(POSTGRES_VERSION)}/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/** The package makes a database of its own when it is installed; the sockets' directory is made by an init system. */
const POSTGRES_COMMANDS = [
  `rm -rf /var/lib/postgresql/${String(POSTGRES_VERSION)}`,
  'install -d -o postgres -g postgres -m 2775 /run/postgresql',
];

/** A database that lets everybody in, as the tests want it; renamed last, so that it is whole or not there. */
const START_POSTGRES = `#!/bin/sh
set -eu
if [ ! -d "$PGDATA" ]; then
  rm -rf "$PGDATA.new"
  initdb --pgdata="$PGDATA.new" --username=postgres --auth=trust --no-sync >/dev/null
  echo 'host all all all trust' >>"$PGDATA.new/pg_hba.conf"
  mv "$PGDATA.new" "$PGDATA"
fi
exec postgres -c listen_addresses='*' "$@"
`;

export const RECIPES = {
  /** PostgreSQL as Debian has it, and a start script as images of databases have one. */
  postgres: {
    name: `localhost/postgres:${String(POSTGRES_VERSION)}`,
    packages: [`postgresql-${String(POSTGRES_VERSION)}`, 'procps'],
    commands: POSTGRES_COMMANDS,
    scripts: { 'usr/local/bin/start-postgres': START_POSTGRES },
    config: {
      User: 'postgres',
      Env: [`PATH=${PATH}`, 'LANG=C.UTF-8', `PGDATA=${DATA}`],
      Entrypoint: ['/usr/local/bin/start-postgres'],
      // Ends the clients' sessions and stops; SIGTERM would wait for the clients.
      StopSignal: 'SIGINT',
    },
  },
  /** PostgreSQL under Patroni, both as Debian has them: a pod says with which configuration. */
  patroni: {
    name: `localhost/patroni:${String(POSTGRES_VERSION)}`,
    packages: [`postgresql-${String(POSTGRES_VERSION)}`, 'patroni', 'procps'],
    commands: POSTGRES_COMMANDS,
    scripts: {},
    config: { User: 'postgres', Env: [`PATH=${PATH}`, 'LANG=C.UTF-8'], Cmd: ['patroni'] },
  },
} as const satisfies Readonly<Record<string, Recipe>>;

export type RecipeName = keyof typeof RECIPES;
