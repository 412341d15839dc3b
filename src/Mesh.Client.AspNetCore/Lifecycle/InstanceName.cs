using System.Globalization;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>The id of an instance that nobody named: the same after a restart in the same place, so that a registry knows it again.</summary>
internal static class InstanceName
{
    public static string Of(string service, string machine, int port)
    {
        string clean = string.Concat(machine.ToLowerInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-'));
        return string.Create(CultureInfo.InvariantCulture, $"{service}-{clean}-{port}");
    }
}
