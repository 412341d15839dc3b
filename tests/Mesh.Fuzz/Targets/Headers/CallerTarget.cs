using System.Collections.Immutable;
using System.Net;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.AspNetCore.Admin.Access;
using Mesh.Client.AspNetCore.Callers;
using Mesh.Client.Inbound;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;
using Mesh.Fuzz.Mutations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Fuzz.Targets.Headers;

/// <summary>Who calls: <c>X-Forwarded-For</c> behind a trusted proxy, the caller's name, the priority, the host. Each line is one header line.</summary>
internal sealed class CallerTarget : IFuzzTarget
{
    private static readonly ServerPolicy s_policy = new()
    {
        TrustedProxies = NetworkSet.Parse(["10.0.0.0/8", "::1"]),
        AllowsByDefault = false,
        Access = ImmutableArray.Create(new AccessRule("one-host", true, new AccessMatch { Headers = ImmutableArray.Create(new HeaderMatch("Host", new ValuePattern("nobody-else.internal"))) }, false)),
    };

    // It counts only what a rule would have denied, and there is no such rule.
    private static readonly AccessCheck s_check = new(null!);

    public string Name => "caller";

    public Grammar Grammar { get; } = new()
    {
        Tokens = ["10.0.0.1", "192.168.1.1", "1.2.3.4:80", "::1", "[::1]", "[::1]:80", "[", "]", "[]", "[]:", ":", "fe80::1%eth0", "::ffff:10.0.0.1", "::ffff:1.2.3.4", "010.0.0.1", "0x7f.1", "1", ",", " ", "\n", "orders", "critical", "sheddable", "xn--", "xn--."],
        MaxLength = 4096,
        BytesForEach = 256,
    };

    public int Run(byte[] input)
    {
        StringValues lines = new(InputText.Of(input).Split('\n'));
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.9");
        context.Request.Headers["X-Forwarded-For"] = lines;
        context.Request.Headers[InboundHeaders.Caller] = lines;
        context.Request.Headers[InboundHeaders.Priority] = lines;
        context.Request.Headers.Host = lines;
        IPAddress? address = ClientAddress.Of(context, s_policy);
        FuzzFaultException.Unless(address is null || NetworkSet.Canonical(address).Equals(address), "The address is not in the form that rules compare.");
        _ = ClientAddress.IsTrusted(context, s_policy, address);
        string? caller = MeshHeaders.Caller(context.Request.Headers);
        FuzzFaultException.Unless(caller is null || HostName.IsValid(caller), "The caller is no service.");
        InboundPriority priority = MeshHeaders.Priority(context.Request.Headers);
        _ = LocalCaller.Problem(context);
        var inbound = new InboundRequest { Caller = caller, Address = address };
        FuzzFaultException.Unless(RequestPath.TryRead(context.Request, out RequestPath path) && !s_check.Decide(s_policy, context, inbound, path).IsAllowed, "A rule that allows one host lets another one in.");
        return (address is null ? 0 : 1) | (caller is null ? 0 : 2) | (int)priority << 2 | (address is not null && s_policy.TrustedProxies.Contains(address) ? 16 : 0) | (int)(address?.AddressFamily ?? 0) << 5;
    }
}
