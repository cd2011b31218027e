{{/*
What a schema refuses only in words that nobody understands: patterns, and values that do not go together.
The schema has looked at the types before.
*/}}
{{- define "zen-lead.validate" -}}
{{- include "zen-lead.validateTexts" . -}}
{{- include "zen-lead.validateLabels" . -}}
{{- if and (eq .Values.scope "cluster") .Values.namespaces -}}
{{- fail "namespaces: expected an empty list with scope \"cluster\", which is all of them" -}}
{{- end -}}
{{- with .Values.monitoring -}}
{{- if and .podMonitor.enabled .serviceMonitor.enabled -}}
{{- fail "monitoring: expected podMonitor or serviceMonitor to be enabled, not both: everything would be counted twice" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list name value pattern accepted) */}}
{{- define "zen-lead.expect" -}}
{{- if not (regexMatch (index . 2) (index . 1 | toString)) -}}
{{- fail (printf "%s: expected %s, got %q" (index . 0) (index . 3) (index . 1 | toString)) -}}
{{- end -}}
{{- end -}}

{{- define "zen-lead.validateTexts" -}}
{{- range .Values.namespaces -}}
{{- include "zen-lead.expect" (list "namespaces" . "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" "names of namespaces: at most 63 of a-z, 0-9 and \"-\"") -}}
{{- end -}}
{{- range $name := list "nameOverride" "fullnameOverride" -}}
{{- include "zen-lead.expect" (list $name (get $.Values $name) "^([a-z]([-a-z0-9]{0,48}[a-z0-9])?)?$" "at most 50 of a-z, 0-9 and \"-\", beginning with a letter") -}}
{{- end -}}
{{- include "zen-lead.expect" (list "serviceAccount.name" .Values.serviceAccount.name "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$" "the name of a ServiceAccount: a-z, 0-9, \"-\" and \".\"") -}}
{{- with .Values.image -}}
{{- include "zen-lead.expect" (list "image.repository" .repository "^[a-zA-Z0-9]([-a-zA-Z0-9._/]|:[0-9]+/)*$" "a repository without tag and digest, which have values of their own") -}}
{{- include "zen-lead.expect" (list "image.tag" .tag "^[-A-Za-z0-9._]{0,128}$" "a tag") -}}
{{- include "zen-lead.expect" (list "image.digest" .digest "^(sha256:[0-9a-f]{64})?$" "sha256: and 64 hexadecimal digits") -}}
{{- end -}}
{{- range $kind, $amounts := .Values.resources -}}
{{- range $resource, $amount := $amounts -}}
{{- include "zen-lead.expect" (list (printf "resources.%s.%s" $kind $resource) $amount "^[0-9]+([.][0-9]+)?(m|k|Ki|M|Mi|G|Gi)?$" "a quantity such as 50m or 128Mi") -}}
{{- end -}}
{{- end -}}
{{- range .Values.networkPolicy.apiServer.cidrs -}}
{{- include "zen-lead.expect" (list "networkPolicy.apiServer.cidrs" . "^[0-9a-fA-F.:]+/[0-9]{1,3}$" "ranges such as 10.0.0.1/32") -}}
{{- end -}}
{{- include "zen-lead.expect" (list "monitoring.prometheusRule.runbookUrl" .Values.monitoring.prometheusRule.runbookUrl "^[-A-Za-z0-9._~:/?=&%@+]*/$" "a URL or path that ends in \"/\"") -}}
{{- range $part := list "podMonitor" "serviceMonitor" -}}
{{- include "zen-lead.expect" (list (printf "monitoring.%s.interval" $part) (get $.Values.monitoring $part).interval "^([1-9][0-9]*(ms|s|m|h))+$" "a duration such as 30s") -}}
{{- end -}}
{{- end -}}

{{- define "zen-lead.validateLabels" -}}
{{- $reserved := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/version" "app.kubernetes.io/managed-by" "app.kubernetes.io/component" "helm.sh/chart" -}}
{{- $labels := dict "commonLabels" .Values.commonLabels "podLabels" .Values.podLabels -}}
{{- range $part, $values := .Values.monitoring -}}
{{- $_ := set $labels (printf "monitoring.%s.labels" $part) $values.labels -}}
{{- end -}}
{{- range $where, $map := $labels -}}
{{- range $key := keys $map | sortAlpha -}}
{{- if has $key $reserved -}}
{{- fail (printf "%s: expected labels of your own, got %s, which the chart sets" $where $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
