namespace Slipway.Ledger;

/// <summary>What one generation of a stack's object says about its own source.</summary>
/// <param name="Generation">The generation of the object.</param>
/// <param name="SourceHash">Identity of the source; empty if there is none.</param>
/// <param name="TemplateHash">Identity of what a release keeps of the stack.</param>
/// <param name="Deployment">Name of the Deployment to make, if one is to be made.</param>
/// <param name="Spec">Its source, as JSON, when the source is to be released.</param>
/// <param name="CurrentSpec">Its source, as JSON, when only the template has changed and the active image is released again.</param>
public sealed record SourceAsk(long Generation, string SourceHash, string TemplateHash, string Deployment, string Spec, string CurrentSpec);

/// <summary>The decision that stands about a stack's own source.</summary>
/// <param name="Generation">The generation that was looked at last.</param>
/// <param name="Made">Whether the Deployment has been created.</param>
/// <param name="Landed">Whether a release of this source has been active.</param>
/// <param name="SourceHash">Identity of the source; empty if it was taken away.</param>
/// <param name="TemplateHash">Identity of the template.</param>
/// <param name="Deployment">Name of the Deployment it makes; null if the source was taken away.</param>
/// <param name="Spec">Source of that Deployment, as JSON.</param>
public sealed record StackSourceRow(
    long Generation, bool Made, bool Landed, string SourceHash, string TemplateHash, string? Deployment, string? Spec);
