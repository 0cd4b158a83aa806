namespace Slipway.DemoData.Scripts;

/// <summary>A setting of the session, for example <c>search_path</c>, with its value as <c>set_config</c> takes it.</summary>
public sealed record Setting(string Name, string Value);
