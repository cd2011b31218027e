{{/* A DNS label, as Services, Deployments and pods need it; room is left for suffixes. */}}
{{- define "zen-lead.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | replace "." "-" | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | replace "." "-" | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of what has no namespace: releases of two namespaces must not meet, and neither part has a dot. */}}
{{- define "zen-lead.clusterName" -}}
{{- printf "%s.%s" (include "zen-lead.fullname" .) .Release.Namespace -}}
{{- end -}}

{{- define "zen-lead.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "zen-lead.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name: expected the name of a ServiceAccount that is there, because serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "zen-lead.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "zen-lead.labels" -}}
{{- include "zen-lead.labelsWith" (list . dict) -}}
{{- end -}}

{{/* With more labels: (list $ more). A label that is given twice must not be written twice. */}}
{{- define "zen-lead.labelsWith" -}}
{{- $ := index . 0 -}}
{{- $own := include "zen-lead.selectorLabels" $ | fromYaml -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" $.Chart.Name ($.Chart.Version | replace "+" "_")) -}}
{{- $_ := set $own "app.kubernetes.io/version" $.Chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" $.Release.Service -}}
{{- mergeOverwrite (dict) $.Values.commonLabels (index . 1) $own | toYaml -}}
{{- end -}}

{{- define "zen-lead.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* JSON list of the namespaces that it works in; of none for the whole cluster. */}}
{{- define "zen-lead.namespaces" -}}
{{- if eq .Values.scope "cluster" -}}
{{- list | toJson -}}
{{- else -}}
{{- default (list .Release.Namespace) .Values.namespaces | uniq | toJson -}}
{{- end -}}
{{- end -}}

{{- define "zen-lead.subject" -}}
kind: ServiceAccount
name: {{ include "zen-lead.serviceAccountName" . }}
namespace: {{ .Release.Namespace }}
{{- end -}}
