using System.Net;
using Mesh.Client.AspNetCore.Addresses;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.AspNetCore.Tests.Addresses;

/// <summary>Where others reach an instance, from what its server listens on.</summary>
public sealed class InstanceAddressTests
{
    private static readonly MachineAddress[] Machine =
    [
        new(IPAddress.Parse("172.17.0.1"), HasGateway: false),
        new(IPAddress.Parse("2001:db8::7"), HasGateway: true),
        new(IPAddress.Parse("10.0.0.7"), HasGateway: true),
    ];

    [Theory]
    [InlineData("http://10.0.0.9:8080", "http", "10.0.0.9", 8080)]
    [InlineData("https://[2001:db8::9]:8443", "https", "2001:db8::9", 8443)]
    [InlineData("http://0.0.0.0:5000", "http", "10.0.0.7", 5000)]
    [InlineData("http://[::]:5000", "http", "10.0.0.7", 5000)]
    [InlineData("https://*:5001", "https", "10.0.0.7", 5001)]
    [InlineData("http://+:80/", "http", "10.0.0.7", 80)]
    [InlineData("http://shop.internal", "http", "shop.internal", 80)]
    [InlineData("http://localhost:5000", "http", "127.0.0.1", 5000)]
    [InlineData("http://[::1]:5000", "http", "::1", 5000)]
    [InlineData("http://127.0.0.1:5000 http://10.0.0.9:6000", "http", "10.0.0.9", 6000)]
    [InlineData("http://unix:/run/app.sock https://0.0.0.0:6001 http://0.0.0.0:6000", "https", "10.0.0.7", 6001)]
    public void Find_OfServerAddresses_TakesTheFirstThatOthersReach(string listening, string scheme, string host, int port) =>
        Assert.Equal(new InstanceAddress(scheme, host, port), InstanceAddress.Find(null, listening.Split(' '), static () => Machine, out _));

    [Theory]
    [InlineData("http://10.1.1.1:99", "http", "10.1.1.1", 99)]
    [InlineData("10.1.1.1:99", null, "10.1.1.1", 99)]
    [InlineData("10.1.1.1", "https", "10.1.1.1", 6001)]
    public void Find_WithAnAddressOfTheOptions_CompletesIt(string configured, string? scheme, string host, int port)
    {
        Assert.Null(EndpointAddress.Parse(configured, out EndpointAddress given));
        Assert.Equal(new InstanceAddress(scheme, host, port), InstanceAddress.Find(given, ["https://*:6001"], static () => Machine, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://unix:/run/app.sock")]
    [InlineData("http://pipe:/app")]
    [InlineData("net.tcp://10.0.0.1:80")]
    [InlineData("http://10.0.0.1:0")]
    public void Find_WithNoTcpAddress_SaysWhatToSet(string listening)
    {
        Assert.Null(InstanceAddress.Find(null, listening.Split(' ', StringSplitOptions.RemoveEmptyEntries), static () => Machine, out string fault));
        Assert.Contains("set Mesh:Registration:Address", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_OnAMachineWithoutANetwork_IsLoopback() =>
        Assert.Equal(new InstanceAddress("http", "127.0.0.1", 80), InstanceAddress.Find(null, ["http://*:80"], static () => [], out _));

    [Theory]
    [InlineData("0.0.0.0", "10.0.0.7")]
    [InlineData("::", "10.0.0.7")]
    public void Choose_OfSeveral_PrefersAGatewayThenIPv4(string any, string chosen) => Assert.Equal(chosen, MachineAddresses.Choose(Machine, any)?.ToString());

    [Fact]
    public void Choose_ForIPv4Only_TakesNoIPv6() => Assert.Null(MachineAddresses.Choose([Machine[1]], "0.0.0.0"));

    [Fact]
    public void Read_OfThisMachine_HasNoLoopback() => Assert.All(MachineAddresses.Read(), static a => Assert.False(IPAddress.IsLoopback(a.Address) || a.Address.IsIPv6LinkLocal));
}
