using System.Globalization;
using System.Net;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Retries;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Headers;

/// <summary>What a reply says of itself: <c>grpc-status</c>, the push-back, <c>Retry-After</c>, the attempts below. Two lines give each header two values.</summary>
internal sealed class ReplyHeadersTarget : IFuzzTarget
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.Parse("2026-06-01T00:00:00Z", CultureInfo.InvariantCulture);

    public string Name => "reply-headers";

    public Grammar Grammar { get; } = new()
    {
        Tokens = ["0", "14", "16", "17", "-1", "120", "2147483647", "2147483648", "4294967296", "Mon, 01 Jun 2026 00:00:05 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "\n", " ", "1.5", "+5"],
        MaxLength = 1024,
    };

    public int Run(byte[] input)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        foreach (string line in InputText.Of(input).Split('\n', 3))
        {
            foreach (string name in new[] { GrpcNames.Status, GrpcNames.RetryPushback, "Retry-After", RetryRules.AttemptCountHeader, "RateLimit" })
            {
                response.Headers.TryAddWithoutValidation(name, line);
            }
        }

        GrpcStatusCode? status = GrpcReply.StatusOf(response.Headers);
        FuzzFaultException.Unless(status is null or (>= GrpcStatusCode.Ok and <= GrpcStatusCode.Unauthenticated), $"{status} is no status.");
        Outcome outcome = GrpcVerdict.OfAlone(status ?? GrpcStatusCode.Unknown, response);
        bool mayRetry = GrpcVerdict.AllowsRetry(response, out TimeSpan? pushback);
        FuzzFaultException.Unless(pushback is null || (mayRetry && pushback >= TimeSpan.Zero), $"It asks for {pushback} and says {mayRetry}.");
        TimeSpan wait = RetryRules.RetryAfter(response, s_now);
        FuzzFaultException.Unless(wait >= TimeSpan.Zero, $"{wait} is no time to wait.");
        return (int)outcome | (mayRetry ? 8 : 0) | (pushback is null ? 0 : 16) | (wait > TimeSpan.Zero ? 32 : 0) | (RetryRules.WasRetriedBelow(response) ? 64 : 0) | ((int)(status ?? 0) << 8);
    }
}
