/** Names and addresses of the one node. They exist in its network namespace alone, so every node may have the same. */

export const NODE_NAME = 'node-0';
export const NODE_ADDRESS = '10.250.0.1';
export const POD_RANGE = '10.244.0.0/24';
export const SERVICE_RANGE = '10.96.0.0/16';
/** The first address of the range, as kube-apiserver gives it to the Service "kubernetes". */
export const API_SERVICE_ADDRESS = '10.96.0.1';
export const APISERVER_PORT = 6443;
/** As the components in the node see the API server, and as pods reach it behind its Service. */
export const SERVER_IN_NODE = `https://${NODE_ADDRESS}:${String(APISERVER_PORT)}`;
