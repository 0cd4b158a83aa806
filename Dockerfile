# The image of Slipway: one program, trimmed and compiled ahead, on the little of an operating system that .NET needs. No shell, no package
# manager, not root, and nothing that it writes to. docs/install.md tells how to build it.

# Both bases by version. A digest pins one to the byte: --build-arg SDK_DIGEST=@sha256:...
ARG SDK_VERSION=10.0.401
ARG SDK_DIGEST=
ARG BASE_VERSION=10.0.12-noble-chiseled
ARG BASE_DIGEST=

# On the machine's own architecture: the compiler compiles for the other one, too.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${SDK_VERSION}${SDK_DIGEST} AS build
ARG TARGETARCH
WORKDIR /source
# What decides about packages first: they are fetched again only when it changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Crds/Crds.csproj src/Crds/
COPY src/Retry/Retry.csproj src/Retry/
COPY src/Kubernetes/Kubernetes.csproj src/Kubernetes/
COPY src/Runtime/Runtime.csproj src/Runtime/
COPY src/Ledger/Ledger.csproj src/Ledger/
COPY src/DemoData/DemoData.csproj src/DemoData/
COPY src/Operator/Operator.csproj src/Operator/
COPY src/Operator/Properties src/Operator/Properties
RUN dotnet restore src/Operator --arch $TARGETARCH -p:PublishProfile=Shipped
COPY .editorconfig BannedSymbols.txt ./
COPY src src
RUN dotnet publish src/Operator --no-restore --configuration Release --arch $TARGETARCH -p:PublishProfile=Shipped --output /published

FROM mcr.microsoft.com/dotnet/runtime-deps:${BASE_VERSION}${BASE_DIGEST}
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title=slipway \
      org.opencontainers.image.description="Application releases on Kubernetes, owned by the server" \
      org.opencontainers.image.licenses=Apache-2.0 \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.source=$SOURCE
COPY --from=build /published/slipway /usr/bin/slipway
# By number: a kubelet can tell only of a number that it is not root's.
USER 65532:65532
ENTRYPOINT ["/usr/bin/slipway"]
