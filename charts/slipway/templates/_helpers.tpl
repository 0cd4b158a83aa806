{{- define "slipway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- /* What the names of objects begin with: short enough for the longest ending, and for the names of pods. */ -}}
{{- define "slipway.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "slipway.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "slipway.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "slipway.operatorName" -}}
{{- printf "%s-operator" (include "slipway.fullname" .) -}}
{{- end -}}

{{- define "slipway.databaseName" -}}
{{- printf "%s-postgresql" (include "slipway.fullname" .) -}}
{{- end -}}

{{- define "slipway.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "slipway.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- /* Labels that never change, for selectors. Takes [root, component]. */ -}}
{{- define "slipway.selector" -}}
app.kubernetes.io/name: {{ include "slipway.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- /* Takes [root] or [root, component]. */ -}}
{{- define "slipway.labels" -}}
{{- $root := index . 0 -}}
{{- $labels := dict "helm.sh/chart" (printf "%s-%s" $root.Chart.Name ($root.Chart.Version | replace "+" "_")) "app.kubernetes.io/managed-by" $root.Release.Service "app.kubernetes.io/version" ($root.Values.image.tag | default $root.Chart.AppVersion | trunc 63 | trimAll "-_.") -}}
{{- $own := dict "app.kubernetes.io/name" (include "slipway.name" $root) "app.kubernetes.io/instance" $root.Release.Name -}}
{{- if gt (len .) 1 }}{{ $own = merge $own (dict "app.kubernetes.io/component" (index . 1)) }}{{ end -}}
{{- /* Ours win: selectors find the pods by them. */ -}}
{{- toYaml (mergeOverwrite (dict) $labels $root.Values.commonLabels $own) -}}
{{- end -}}

{{- /* The metadata that every object has. Takes a dict: root, name; may have component, namespace ("" for none), labels, annotations. */ -}}
{{- define "slipway.metadata" -}}
{{- $root := .root -}}
metadata:
  name: {{ .name }}
  {{- if ne (default "here" .namespace) "none" }}
  namespace: {{ default $root.Release.Namespace .namespace }}
  {{- end }}
  labels:
    {{- /* Ours win, as in slipway.labels. */}}
    {{- $labels := include "slipway.labels" (ternary (list $root .component) (list $root) (hasKey . "component")) | fromYaml }}
    {{- toYaml (mergeOverwrite (dict) (default (dict) .labels) $labels) | nindent 4 }}
  {{- with mergeOverwrite (dict) $root.Values.commonAnnotations (default (dict) .annotations) }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- /* An image of the form that values have it in, with a tag to fall back to. Takes [image, tag]. */ -}}
{{- define "slipway.image" -}}
{{- $image := index . 0 -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository ($image.tag | default (index . 1)) -}}
{{- end -}}
{{- end -}}

{{- /* The Secret and the key in it that the ledger's address is under. */ -}}
{{- define "slipway.databaseSecret" -}}
{{- if .Values.database.bundled.enabled -}}
name: {{ .Values.database.bundled.existingSecret | default (include "slipway.databaseName" .) }}
key: DATABASE_URL
{{- else -}}
name: {{ .Values.database.existingSecret }}
key: {{ .Values.database.key }}
{{- end -}}
{{- end -}}

{{- /* What of a list of rules is generated, as it is. Takes [root, name]. */ -}}
{{- define "slipway.rules" -}}
rules:
{{ (index . 0).Files.Get (printf "files/rules/%s.yaml" (index . 1)) | trimSuffix "\n" | indent 2 }}
{{- end -}}

{{- /* roleRef and the operator's account as the subject. Takes [root, kind, name]. */ -}}
{{- define "slipway.binding" -}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ index . 1 }}
  name: {{ index . 2 }}
subjects:
  - kind: ServiceAccount
    name: {{ include "slipway.serviceAccountName" (index . 0) }}
    namespace: {{ (index . 0).Release.Namespace }}
{{- end -}}
