using System.Net;
using Mesh.Client.AspNetCore.Admin.Access;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Tests.Admin;

public sealed class AdminGateTests
{
    private readonly MeshAdminOptions _options = new();

    [Theory]
    [InlineData("127.0.0.1", "localhost:5000", true)]
    [InlineData("127.8.9.1", "127.0.0.1", true)]
    [InlineData("::1", "[::1]:5000", true)]
    [InlineData("::ffff:127.0.0.1", "LOCALHOST", true)]
    [InlineData("127.0.0.1", "shop.dev.localhost", true)]
    [InlineData("127.0.0.1", "10.1.2.3:80", true)]
    [InlineData(null, "localhost", true)]
    [InlineData("127.0.0.1", "evil.example", false)]
    [InlineData("127.0.0.1", "localhost.evil.example", false)]
    [InlineData("127.0.0.1", "127.0.0.1.nip.io", false)]
    [InlineData("127.0.0.1", "", false)]
    [InlineData("10.1.2.3", "localhost", false)]
    [InlineData("::ffff:10.1.2.3", "localhost", false)]
    [InlineData("2001:db8::1", "localhost", false)]
    public void Read_ByPlaceAndHost_AnswersThisMachineOnly(string? peer, string host, bool allowed) =>
        Assert.Equal(allowed, Check(AdminRequestKind.Read, peer, host) is null);

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("x-forwarded-for", "8.8.8.8")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Forwarded-Host", "localhost")]
    [InlineData("X-Original-For", "127.0.0.1:80")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Forwarded-Server", "a")]
    [InlineData("x-forwarded", "for=127.0.0.1")]
    [InlineData("CF-Connecting-IP", "127.0.0.1")]
    [InlineData("True-Client-IP", "127.0.0.1")]
    [InlineData("X-Envoy-External-Address", "127.0.0.1")]
    public void Read_WhatAProxyPassedOn_IsNobodysOnThisMachine(string name, string value)
    {
        Assert.NotNull(Check(AdminRequestKind.Read, "127.0.0.1", "localhost", (name, value)));
        Assert.NotNull(Check(AdminRequestKind.Read, "10.0.0.1", "localhost", (name, value)));
        Assert.NotNull(Check(AdminRequestKind.Page, "127.0.0.1", "localhost", (name, value)));
    }

    [Theory]
    [InlineData("HTTP/1.0", false)]
    [InlineData("HTTP/1.1", true)]
    [InlineData("HTTP/2", true)]
    public void Read_AsAProxyThatSaysNothingSpeaks_IsRefused(string protocol, bool allowed)
    {
        DefaultHttpContext context = Context("127.0.0.1", "localhost");
        context.Request.Protocol = protocol;

        Assert.Equal(allowed, new AdminGate(_options).Check(context, AdminRequestKind.Read) is null);
    }

    [Fact]
    public void Read_TheAddressWasRewrittenToLoopback_GoesByTheConnection()
    {
        DefaultHttpContext context = Context("127.0.0.1", "localhost");
        context.Features.Set<IConnectionEndPointFeature>(new Peer(new IPEndPoint(IPAddress.Parse("10.0.0.9"), 4711)));

        Assert.Equal(403, new AdminGate(_options).Check(context, AdminRequestKind.Read)?.Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Origin", "http://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "", false)]
    [InlineData("Origin", "http://localhost:5001", false)]
    [InlineData("Origin", "http://localhost:5000", true)]
    [InlineData("Origin", "https://LOCALHOST:5000", true)]
    public void Read_FromAPageOfAnotherSite_IsRefusedEvenWhereTheApplicationAllowsIt(string name, string value, bool allowed)
    {
        _options.AllowRemote = true;
        Assert.Equal(allowed, Check(AdminRequestKind.Read, "10.0.0.1", "localhost:5000", (name, value)) is null);
        Assert.Null(Check(AdminRequestKind.Page, "10.0.0.1", "localhost:5000", (name, value)));
    }

    [Fact]
    public void Read_RemoteIsAllowed_AnswersAnybodyByAnyName()
    {
        _options.AllowRemote = true;
        Assert.Null(Check(AdminRequestKind.Read, "10.0.0.1", "mesh.internal.example", ("X-Forwarded-For", "8.8.8.8"), ("Origin", "https://mesh.internal.example")));
    }

    [Fact]
    public void Change_WithAndWithoutTheHeader_NeedsExactlyOne()
    {
        Assert.Equal(403, Check(AdminRequestKind.Change, "127.0.0.1", "localhost")?.Status);
        Assert.NotNull(Check(AdminRequestKind.Change, "127.0.0.1", "localhost", ("X-Mesh-Admin", "0")));
        Assert.Null(Check(AdminRequestKind.Change, "127.0.0.1", "localhost", ("X-Mesh-Admin", "1")));
        _options.ReadOnly = true;
        Assert.NotNull(Check(AdminRequestKind.Change, "127.0.0.1", "localhost", ("X-Mesh-Admin", "1")));
    }

    private AdminRefusal? Check(AdminRequestKind kind, string? peer, string host, params (string Name, string Value)[] headers)
    {
        DefaultHttpContext context = Context(peer, host);
        foreach ((string name, string value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return new AdminGate(_options).Check(context, kind);
    }

    private static DefaultHttpContext Context(string? peer, string host)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        context.Request.Host = new HostString(host);
        return context;
    }

    private sealed class Peer(EndPoint remote) : IConnectionEndPointFeature
    {
        public EndPoint? LocalEndPoint { get; set; }

        public EndPoint? RemoteEndPoint { get; set; } = remote;
    }
}
