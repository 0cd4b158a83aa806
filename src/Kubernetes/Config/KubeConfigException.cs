namespace Slipway.Kubernetes.Config;

/// <summary>The way to a cluster is not usable as configured. The message names the file, what is wrong and the remedy.</summary>
public sealed class KubeConfigException(string message, Exception? innerException = null) : Exception(message, innerException);
