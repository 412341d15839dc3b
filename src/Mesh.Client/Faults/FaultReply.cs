using System.Globalization;
using System.Net;
using System.Text;
using Mesh.Client.Grpc;

namespace Mesh.Client.Faults;

/// <summary>The answer to a call that a route fails: what Envoy sends, and a header that says so.</summary>
internal static class FaultReply
{
    /// <summary>Envoy's words.</summary>
    public const string Text = "fault filter abort";

    public static HttpResponseMessage Create(HttpRequestMessage request, in FaultPlan plan)
    {
        HttpResponseMessage answer = GrpcRequest.Is(request) ? Grpc(request, plan) : Http(request, (HttpStatusCode)(plan.Status ?? 200));
        answer.Headers.TryAddWithoutValidation(FaultHeaders.Injected, "abort");
        return answer;
    }

    private static HttpResponseMessage Grpc(HttpRequestMessage request, in FaultPlan plan)
    {
        uint status = plan.GrpcStatus ?? (uint)GrpcReply.OfHttp((HttpStatusCode)plan.Status!);
        HttpResponseMessage answer = GrpcReply.Create(request, GrpcStatusCode.Unknown, Text);

        // A status that gRPC does not know is asked for on purpose.
        answer.Headers.Remove(GrpcNames.Status);
        answer.Headers.TryAddWithoutValidation(GrpcNames.Status, status.ToString(CultureInfo.InvariantCulture));
        return answer;
    }

    private static HttpResponseMessage Http(HttpRequestMessage request, HttpStatusCode status)
    {
        var answer = new HttpResponseMessage(status) { RequestMessage = request, Version = request.Version };
        if (request.Method != HttpMethod.Head && status is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            answer.Content = new StringContent(Text, Encoding.UTF8, "text/plain");
        }

        return answer;
    }
}
