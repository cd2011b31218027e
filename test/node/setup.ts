/** What the namespaces are filled with before anything runs in them. */
import { mkdirSync } from 'node:fs';
import { NODE_ADDRESS, NODE_NAME, SERVICE_RANGE } from './addresses.ts';
import { runIn } from './namespaces.ts';

/** Path of a file in the node's state directory. */
export type FileOf = (name: string) => string;

/** Settings of the whole machine that the kubelet writes: it is given private files instead. */
const SYSCTLS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/**
 * There is no default route: nothing leaves the machine. The route to the Services only serves to give packets of the node
 * itself a way, on which kube-proxy's rules send them elsewhere. A veth and not a dummy interface: some kernels have none.
 */
const SCRIPT = `
mount --make-rshared /
hostname "$NODE_NAME"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/lock
mount --bind "$STATE/var-lib" /var/lib
mount --bind "$STATE/var-log" /var/log
for setting in $SYSCTLS; do
  [ -e "/proc/sys/$setting" ] || continue
  mkdir -p "$STATE/sysctls/\${setting%/*}"
  cat "/proc/sys/$setting" >"$STATE/sysctls/$setting"
  mount --bind "$STATE/sysctls/$setting" "/proc/sys/$setting"
done
ip link set lo up
ip link add node0 type veth peer name node0-peer
ip address add "$NODE_ADDRESS/24" dev node0
ip link set node0 up
ip link set node0-peer up
ip route add "$SERVICE_RANGE" dev node0
echo 1 >/proc/sys/net/ipv4/ip_forward
`;

/** @param init process id of the first process of the namespaces */
export async function setUpNamespaces(init: number, directory: string): Promise<void> {
  for (const name of ['var-lib', 'var-log', 'cni']) mkdirSync(`${directory}/${name}`);
  const variables = { STATE: directory, NODE_NAME, NODE_ADDRESS, SERVICE_RANGE, SYSCTLS: SYSCTLS.join(' ') };
  const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  await runIn(init, 'env', [...environment, 'sh', '-euc', SCRIPT]);
}
