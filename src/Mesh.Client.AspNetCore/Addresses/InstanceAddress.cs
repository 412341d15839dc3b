using System.Net;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.AspNetCore.Addresses;

/// <summary>Where others reach this instance.</summary>
/// <param name="Scheme">The only scheme it serves; <see langword="null"/> is not said.</param>
/// <param name="Host">An IP address or a host name.</param>
/// <param name="Port">The port.</param>
internal sealed record InstanceAddress(string? Scheme, string Host, int Port)
{
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));

    /// <summary>Finds the address: the configured one, completed by what the server listens on.</summary>
    /// <param name="configured">What the options say, if they do.</param>
    /// <param name="listening">What the server says that it listens on, in its order.</param>
    /// <param name="machine">Asks for this machine's own addresses; not called unless they are needed.</param>
    /// <param name="fault">What is wrong and the remedy.</param>
    public static InstanceAddress? Find(EndpointAddress? configured, IEnumerable<string> listening, Func<IReadOnlyList<MachineAddress>> machine, out string fault)
    {
        fault = "";
        if (configured is { Port: > 0 } whole)
        {
            return new InstanceAddress(whole.Scheme, whole.Host, whole.Port);
        }

        string[] all = [.. listening];
        ServerAddress[] usable = [.. all.Select(ServerAddress.Read).OfType<ServerAddress>()];

        // Of several the one that reaches furthest: what listens on loopback is often there for an operator alone.
        ServerAddress? chosen = usable.FirstOrDefault(static a => !a.IsLoopback) ?? usable.FirstOrDefault();
        if (chosen is null)
        {
            string seen = all.Length == 0 ? "no address that a server listens on is known" : $"the server listens on {string.Join(", ", all.Take(5))}, where no TCP connection leads";
            fault = $"{seen}; set Mesh:Registration:Address to http://host:port, where others reach it, or Mesh:Registration:Enabled to false";
            return null;
        }

        string host = configured is { } given ? given.Host : Resolve(chosen, machine);
        return new InstanceAddress(chosen.Scheme, host, chosen.Port);
    }

    private static string Resolve(ServerAddress address, Func<IReadOnlyList<MachineAddress>> machine) =>
        address.Host == "localhost" ? "127.0.0.1"
        : address.IsAny ? (MachineAddresses.Choose(machine(), address.Host) ?? IPAddress.Loopback).ToString()
        : address.Host;
}
