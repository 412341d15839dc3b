using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Mesh.Client.AspNetCore.Addresses;

/// <summary>Which address of its own a machine gives to others where its server listens on all.</summary>
internal static class MachineAddresses
{
    /// <summary>The addresses in the system's order of networks; empty where the system does not say.</summary>
    public static IReadOnlyList<MachineAddress> Read()
    {
        try
        {
            return
            [
                .. from network in NetworkInterface.GetAllNetworkInterfaces()
                   where network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown && network.NetworkInterfaceType != NetworkInterfaceType.Loopback
                   let properties = network.GetIPProperties()
                   let hasGateway = properties.GatewayAddresses.Any(static g => !g.Address.Equals(IPAddress.Any) && !g.Address.Equals(IPAddress.IPv6Any))
                   from unicast in properties.UnicastAddresses
                   where IsReachable(unicast.Address)
                   select new MachineAddress(unicast.Address, hasGateway),
            ];
        }
        catch (Exception error) when (error is NetworkInformationException or PlatformNotSupportedException or UnauthorizedAccessException or IOException)
        {
            return [];
        }
    }

    /// <summary>The one to give: on a network with a gateway before others, IPv4 before IPv6, else the first.</summary>
    /// <param name="addresses">What the machine has.</param>
    /// <param name="any">What the server listens on: with 0.0.0.0 only IPv4 will do.</param>
    public static IPAddress? Choose(IEnumerable<MachineAddress> addresses, string any) =>
        addresses.Where(a => any != "0.0.0.0" || a.Address.AddressFamily == AddressFamily.InterNetwork)
            .OrderByDescending(static a => a.HasGateway)
            .ThenBy(static a => a.Address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .Select(static a => a.Address)
            .FirstOrDefault();

    private static bool IsReachable(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast
        && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);
}
