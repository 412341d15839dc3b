using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mesh.Client.Matching;

/// <summary>A set of networks. IPv4 addresses in IPv6 form (<c>::ffff:10.0.0.1</c>) count as IPv4 on both sides, and the zone of an IPv6 address (<c>%eth0</c>) does not count.</summary>
internal sealed class NetworkSet : IEquatable<NetworkSet>
{
    private readonly ImmutableArray<IPNetwork> _networks;

    private NetworkSet(ImmutableArray<IPNetwork> networks)
    {
        _networks = networks;
    }

    public static NetworkSet Empty { get; } = new([]);

    /// <summary>This machine.</summary>
    public static NetworkSet Loopback { get; } = Parse(["127.0.0.0/8", "::1/128"]);

    public bool IsEmpty => _networks.IsEmpty;

    public static NetworkSet Parse(IEnumerable<string> networks) =>
        new([.. networks.Select(static n => TryParse(n, out IPNetwork network) is { } problem ? throw new FormatException($"\"{n}\" {problem}.") : network)]);

    /// <summary>Reads a network, <c>10.0.0.0/8</c>, or a single address.</summary>
    /// <returns>What is wrong with it and the remedy; <see langword="null"/> where nothing is.</returns>
    public static string? TryParse(string text, out IPNetwork network)
    {
        network = default;
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int slash = trimmed.IndexOf('/');
        ReadOnlySpan<char> host = slash < 0 ? trimmed : trimmed[..slash];
        if (host.Contains('%'))
        {
            return "has a zone, which no network has; leave out what follows \"%\"";
        }

        if (!TryAddress(host, out IPAddress? address))
        {
            return "is no network; write an address and the number of its fixed bits, such as \"10.0.0.0/8\" or \"2001:db8::/32\", or one address";
        }

        int most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int length = most;
        if (slash >= 0 && (!int.TryParse(trimmed[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > most))
        {
            return $"has no valid number of fixed bits; write 0 to {most} after the \"/\"";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            if (length < 96)
            {
                return "is a network of IPv4 addresses in IPv6 form that is wider than all of IPv4; write it as IPv4, such as \"10.0.0.0/8\"";
            }

            (address, length) = (address.MapToIPv4(), length - 96);
        }

        if (!IPNetwork.TryParse($"{address}/{length}", out network) || !network.BaseAddress.Equals(address))
        {
            return $"has bits set beyond the first {length}, so that it is not clear what is meant; write the first address of the network";
        }

        return null;
    }

    /// <summary>Reads an address that means the same to everybody: IPv4 as four plain numbers, where others also take <c>10</c>, <c>0x7f.1</c> and octal ones for addresses.</summary>
    public static bool TryAddress(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (!text.Contains(':'))
        {
            int parts = 0;
            foreach (Range part in text.Split('.'))
            {
                ReadOnlySpan<char> number = text[part];
                if (++parts > 4 || number.Length is 0 or > 3 || number.ContainsAnyExceptInRange('0', '9') || (number.Length > 1 && number[0] == '0'))
                {
                    return false;
                }
            }

            if (parts != 4)
            {
                return false;
            }
        }

        return IPAddress.TryParse(text, out address);
    }

    /// <summary>The address as it is compared: an IPv4 address in IPv6 form as IPv4, without a zone.</summary>
    public static IPAddress Canonical(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;

    /// <summary>Whether an address is in one of the networks.</summary>
    /// <param name="address">The address, in the form of <see cref="Canonical"/>.</param>
    public bool Contains(IPAddress address)
    {
        foreach (IPNetwork network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(NetworkSet? other) => other is not null && other._networks.AsSpan().SequenceEqual(_networks.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as NetworkSet);

    public override int GetHashCode() => _networks.IsEmpty ? 0 : _networks[0].GetHashCode();

    public override string ToString() => string.Join(", ", _networks);
}
