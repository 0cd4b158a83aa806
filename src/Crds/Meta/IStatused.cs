using System.Text.Json.Serialization.Metadata;

namespace Slipway.Crds.Meta;

/// <summary>A kind with a status subresource that a controller writes.</summary>
public interface IStatused<TStatus>
    where TStatus : class
{
    TStatus? Status { get; }

    static abstract JsonTypeInfo<TStatus> StatusJson { get; }
}
