{{/* What the operator may do where it works: exactly what it does (test/chart holds this). Pods are only read. */}}
{{- define "zen-lead.rules" -}}
- apiGroups: ['']
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: ['']
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch, create, update, delete]
{{- if .Values.openshift.enabled }}
# OpenShift asks for it where an EndpointSlice holds the address of a pod.
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices/restricted]
  verbs: [create]
{{- end }}
- apiGroups: [zen-lead.io]
  resources: [leaderpolicies]
  verbs: [get, list, watch]
- apiGroups: [zen-lead.io]
  resources: [leaderpolicies/status]
  verbs: [patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}
