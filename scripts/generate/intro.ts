/** What docs/leader-policy.md says before its tables. */
export const intro = `# LeaderPolicy

A LeaderPolicy names a Service and says how its leader is chosen and replaced. It needs the CRD; [annotations](annotations.md) on the Service do without, and say less.

<!-- given:
kubectl apply -f config/samples/postgres.yaml
kubectl rollout status statefulset/postgres --timeout=60s
-->
\`\`\`sh
kubectl apply -f crds/leaderpolicies.yaml
kubectl apply -f - <<'EOF'
apiVersion: zen-lead.io/v1alpha1
kind: LeaderPolicy
metadata: {name: postgres}
spec:
  serviceRef: {name: postgres}
EOF
kubectl wait --for=condition=Ready leaderpolicy/postgres --timeout=60s      # the CRD is noticed within 30 s
\`\`\`

That alone makes the Service \`postgres-leader\`, which leads to the pod of \`postgres\` that has been Ready for longest. A policy with more to say:

\`\`\`yaml
spec:
  serviceRef: {name: postgres}
  leaderService: {name: postgres-write}
  ports:
  - {name: write, port: 5432, targetPort: postgres}
  selection:
    strategy: FollowLabel                                  # Patroni elects; zen-lead follows
    followLabel: {matchLabels: {role: primary}}
  failover: {gracePeriodSeconds: 2}
\`\`\`

Move the leader to another pod, once for each \`requestId\` (with every strategy but FollowLabel):

\`\`\`sh
kubectl patch leaderpolicy postgres --type merge -p '{"spec":{"switchover":{"podName":"postgres-1","requestId":"2026-11-23-a"}}}'
\`\`\`

Many policies may name one Service, each with a leader Service of its own. A policy that is refused by zen-lead, because an older CRD let it pass, is treated as paused until it is right.

The same is in the cluster: \`kubectl explain leaderpolicies.spec.failover\`.`;
