using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Mesh.Agent.Forwarding;

/// <summary>Takes off what is meant for this hop alone. YARP leaves out the connection's own headers; these are the others.</summary>
internal static class HopHeaders
{
    // What these say is the message's and not the connection's, whoever nominates them: without them it would be read differently further on.
    private static readonly string[] s_kept = ["host", "content-length", "transfer-encoding", "upgrade", "te", "via"];

    /// <summary>Takes off what the headers of a connection nominate (RFC 9110, 7.6.1).</summary>
    public static void RemoveNominated(IHeaderDictionary headers)
    {
        StringValues connection = headers.Connection;
        if (connection.Count == 0)
        {
            return;
        }

        foreach (string? line in connection)
        {
            Remove(headers, line);
        }
    }

    /// <summary>Takes off a response what the headers of its connection nominate; the connection's own are left out by YARP.</summary>
    public static void RemoveNominated(HttpResponseMessage response, IHeaderDictionary headers)
    {
        if (!response.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out HeaderStringValues connection))
        {
            return;
        }

        foreach (string line in connection)
        {
            Remove(headers, line);
        }
    }

    private static void Remove(IHeaderDictionary headers, string? line)
    {
        foreach (Range part in line.AsSpan().Split(','))
        {
            ReadOnlySpan<char> name = line.AsSpan(part).Trim();
            if (name.IsEmpty || name.Equals("close", StringComparison.OrdinalIgnoreCase) || name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            string header = name.ToString();
            if (!s_kept.Contains(header, StringComparer.OrdinalIgnoreCase))
            {
                headers.Remove(header);
            }
        }
    }
}
