using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.Operator.Tests.GitOps;

/// <summary>What Flux, and Helm from 4 on, make of an object of a kind that they do not know. Integration/HelmWaitTests asks Helm itself.</summary>
internal static class Kstatus
{
    /// <summary>Current, InProgress, Failed or Terminating: the rules of kstatus for custom resources, in their order.</summary>
    public static string Of(JsonNode item)
    {
        if (item.Text("metadata.deletionTimestamp") is not null)
        {
            return "Terminating";
        }

        if (item.Number("status.observedGeneration") is { } observed && observed != item.Number("metadata.generation"))
        {
            return "InProgress";
        }

        // Whichever of the two stands first in the list counts.
        foreach (var condition in item.Items("status.conditions").Where(condition => condition.Text("status") == "True"))
        {
            switch (condition.Text("type"))
            {
                case "Reconciling":
                    return "InProgress";
                case "Stalled":
                    return "Failed";
            }
        }

        // Without any status at all an object is as good as done: hence the default that its definition gives it.
        return item.Condition("Ready") is { } ready && ready.Text("status") != "True" ? "InProgress" : "Current";
    }
}
