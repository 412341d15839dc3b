using Mesh.Client.Registration;

namespace Mesh.Client.Consul.Registration;

/// <summary>What can be registered at all.</summary>
internal static class InstanceLimits
{
    private const int MaxName = 255;

    /// <exception cref="ArgumentException">It cannot; the message says what of it, and why.</exception>
    public static void Check(ServiceInstance instance)
    {
        Require(IsName(instance.Id), nameof(instance.Id), instance.Id, $"use 1 to {MaxName} letters, digits and signs, without spaces, quotes and backslashes");
        Require(IsName(instance.Service), nameof(instance.Service), instance.Service, $"use 1 to {MaxName} letters, digits and signs, without spaces, quotes and backslashes");
        Require(IsHost(instance.Host), nameof(instance.Host), instance.Host, "use a host name, or an IPv4 or IPv6 address without brackets, that others can reach");
        Require(instance.Port is >= 1 and <= 65535, nameof(instance.Port), $"{instance.Port}", "use 1 to 65535");
        Require(instance.Weight is >= 0 and <= MeshMeta.MaxWeight, nameof(instance.Weight), $"{instance.Weight}", $"use 0 to {MeshMeta.MaxWeight}");
        Require(instance.Warmth is >= 0.01 and <= 1, nameof(instance.Warmth), $"{instance.Warmth}", "use 0.01 to 1");
        foreach (InstanceCheck check in instance.Checks)
        {
            Require(check.Interval >= TimeSpan.FromSeconds(1), "the interval of a check", $"{check.Interval:c}", "use 00:00:01 or more");
            Require(check.Type != InstanceCheckType.Http || check.Path is "" or ['/', ..], "the path of a check", check.Path, "begin it with '/'");
        }

        void Require(bool holds, string subject, string value, string remedy)
        {
            if (!holds)
            {
                throw new ArgumentException($"Instance {instance.Id}: {subject} = \"{value}\" cannot be registered in Consul: {remedy}", nameof(instance));
            }
        }
    }

    /// <summary>Whether it can stand in a path and in Consul's filter language.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxName && text.All(static c => c is > ' ' and < '\u007F' and not ('"' or '\\' or '`')) && text.Any(static c => c != '.');

    private static bool IsHost(string host) =>
        host.Length is > 0 and <= MaxName && host is not ("0.0.0.0" or "::") && !host.StartsWith('[') && Uri.CheckHostName(host) != UriHostNameType.Unknown;
}
