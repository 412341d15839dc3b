using Mesh.Agent.Forwarding;
using Mesh.Fuzz.Mutations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Fuzz.Targets.Paths;

/// <summary>Where the agent sends a request: the target in the first line, the host in the second.</summary>
internal sealed class RequestTargetTarget : IFuzzTarget
{
    public string Name => "request-target";

    public Grammar Grammar { get; } = new()
    {
        Tokens = ["/", "/a?b", "*", "http://orders/x", "https://", "HTTP://a", "http://a?b", "http://u@h/", "orders", "orders:80", "[::1]", "[::1]:1", "a:b", "@", "#", "%", "\\", "//", "..", "\n", " ", "ö", "xn--", "xn--.", "host:99999"],
        MaxLength = 8 * 1024,
        BytesForEach = 128,
    };

    public int Run(byte[] input)
    {
        string[] lines = InputText.Lines(input, 2);
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = lines[0];
        context.Request.Headers.Host = lines[1];
        bool isRead = RequestTarget.TryRead(context, out Uri? uri, out string? fault);
        FuzzFaultException.Unless(isRead == fault is null, "It is read and faulty, or neither.");
        bool isPlaced = RequestTarget.TryRead(context, "http://127.0.0.1:9000", out Uri? placed, out _);
        FuzzFaultException.Unless(!isPlaced || placed!.Authority == "127.0.0.1:9000", $"It leads to {placed?.Authority} instead of where it should.");
        if (!isRead)
        {
            return AnswerKind.Of(fault);
        }

        string path = uri!.PathAndQuery;
        FuzzFaultException.Unless(path.StartsWith('/') && !path.Any(static c => c is <= ' ' or > '~'), "The path has what no target has.");
        FuzzFaultException.Unless(uri.UserInfo.Length == 0 && uri.Host.Length > 0, "It has a user, or no host.");
        FuzzFaultException.Unless(!lines[0].StartsWith('/') || path == lines[0], $"The path {lines[0]} goes on as {path}.");
        return 1 | (uri.Scheme == "https" ? 2 : 0) | (uri.IsDefaultPort ? 4 : 0) | (int)uri.HostNameType << 3;
    }
}
