namespace Slipway.Crds.Meta.Schema;

/// <summary>
/// A validation rule in CEL. Servers before 1.25 drop it silently, so the operator checks the same thing itself.
/// On a kind it applies to the whole object, on a record or property to that value.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelAttribute(string rule, string message) : Attribute
{
    public string Rule => rule;

    public string Message => message;
}
