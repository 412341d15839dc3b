using System.Net.Http.Headers;
using Mesh.Client.Inbound;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>The lane of a call: what its own <c>baggage</c> says, else that of the request being served.</summary>
internal static class CallLane
{
    private const string Member = InboundHeaders.Lane + "=";

    public static string? Of(HttpRequestMessage request, InboundContext inbound)
    {
        if (request.Headers.NonValidated.TryGetValues(InboundHeaders.Baggage, out HeaderStringValues values))
        {
            foreach (string line in values)
            {
                foreach (Range range in line.AsSpan().Split(','))
                {
                    ReadOnlySpan<char> member = line.AsSpan(range).Trim();
                    if (member.StartsWith(Member, StringComparison.Ordinal))
                    {
                        member = member[Member.Length..];
                        return member[..(member.IndexOf(';') is var end and >= 0 ? end : member.Length)].Trim().ToString();
                    }
                }
            }
        }

        return inbound.Current?.Lane;
    }

    /// <summary>Puts a call into a lane.</summary>
    public static void Enter(HttpRequestMessage request, string lane) => request.Headers.TryAddWithoutValidation(InboundHeaders.Baggage, Member + lane);
}
