namespace Mesh.Client.Pipeline.Mirrors;

/// <summary>The <c>Host</c> of a copy.</summary>
internal static class MirrorHost
{
    private const string Suffix = "-shadow";

    /// <summary>
    /// Marks a copy, as Envoy does: the suffix stands before the port. Over TLS the name stays, since the runtime checks the certificate by <c>Host</c>; so does an address of IPv6.
    /// </summary>
    public static void Mark(HttpRequestMessage copy)
    {
        Uri uri = copy.RequestUri!;
        string host = copy.Headers.Host ?? (uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}");
        if (uri.Scheme is not ("https" or "wss") && !host.StartsWith('['))
        {
            int port = host.IndexOf(':', StringComparison.Ordinal);
            copy.Headers.Host = port < 0 ? host + Suffix : host.Insert(port, Suffix);
        }
    }
}
