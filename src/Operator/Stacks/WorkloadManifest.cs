using System.Globalization;
using System.Text.Json;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Stacks;

/// <summary>The workload and Service of a stack as they must be: pure functions of the Stack and the ledger's release.</summary>
public static class WorkloadManifest
{
    private static readonly JsonElement Zero = JsonDocument.Parse("0").RootElement;
    private static readonly JsonElement Quarter = JsonDocument.Parse("\"25%\"").RootElement;

    public static V1Deployment Workload(Stack stack, ReleaseRow release, long sequence, EnvRevision? env)
    {
        var name = stack.Metadata.Name!;
        return new V1Deployment
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = stack.Metadata.Namespace,
                Labels = ReleaseLabels.Workload(name),
                Annotations = new Dictionary<string, string>
                {
                    [WellKnown.Annotations.Sequence] = sequence.ToString(CultureInfo.InvariantCulture),
                    [WellKnown.Annotations.StackGeneration] = (stack.Metadata.Generation ?? 0).ToString(CultureInfo.InvariantCulture),
                    [WellKnown.Annotations.Release] = release.Name,
                },
                OwnerReferences = [OwnerOf(stack)],
            },
            Spec = new V1DeploymentSpec
            {
                Replicas = stack.Spec.Replicas,
                Selector = new V1LabelSelector { MatchLabels = ReleaseLabels.Selector(name) },
                Strategy = Strategy(stack.Spec.Strategy),
                MinReadySeconds = stack.Spec.MinReadySeconds,
                ProgressDeadlineSeconds = ProgressDeadline(stack.Spec),
                Template = ReleaseTemplate.Parse(release.Template!).Render(
                    release.ImageReference!,
                    ReleaseLabels.Pods(name, release.Version!.Value),
                    env is null ? null : new ReleaseVariables(EnvSecrets.NameOf(env), env.Keys)),
            },
        };
    }

    /// <returns>The Service, or null when the stack asks for none.</returns>
    public static V1Service? Service(Stack stack)
    {
        if (stack.Spec.Service is not { } port)
        {
            return null;
        }

        var name = stack.Metadata.Name!;
        return new V1Service
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = stack.Metadata.Namespace,
                Labels = ReleaseLabels.Workload(name),
                OwnerReferences = [OwnerOf(stack)],
            },
            Spec = new V1ServiceSpec
            {
                Selector = ReleaseLabels.Selector(name),
                Ports =
                [
                    new V1ServicePort
                    {
                        Name = "http",
                        Port = port.Port,
                        TargetPort = port.TargetPort ?? JsonDocument.Parse(port.Port.ToString(CultureInfo.InvariantCulture)).RootElement,
                    },
                ],
            },
        };
    }

    public static OwnerReference OwnerOf(Stack stack) => new()
    {
        ApiVersion = Stack.Type.ApiVersion,
        Kind = Stack.Type.Kind,
        Name = stack.Metadata.Name!,
        Uid = stack.Metadata.Uid!,
        Controller = true,
    };

    /// <summary>By default no pod is taken away before its successor is available.</summary>
    private static V1DeploymentStrategy Strategy(RolloutStrategy? wanted) => (wanted?.Type ?? RolloutType.RollingUpdate) switch
    {
        RolloutType.Recreate => new V1DeploymentStrategy { Type = "Recreate" },
        RolloutType.RollingUpdate => new V1DeploymentStrategy
        {
            Type = "RollingUpdate",
            RollingUpdate = new V1RollingUpdate
            {
                MaxUnavailable = wanted?.MaxUnavailable ?? Zero,
                MaxSurge = wanted?.MaxSurge ?? Quarter,
            },
        },
    };

    /// <summary>The API server wants it to be longer than minReadySeconds. Informative there: the ledger's own deadline decides.</summary>
    private static int ProgressDeadline(StackSpec stack) =>
        Math.Max((int)Deadlines.Progress(stack).TotalSeconds, (stack.MinReadySeconds ?? 0) + 1);
}
