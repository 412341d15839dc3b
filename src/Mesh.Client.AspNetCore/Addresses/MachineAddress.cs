using System.Net;

namespace Mesh.Client.AspNetCore.Addresses;

/// <summary>An address of this machine that is neither loopback nor of one link only.</summary>
/// <param name="Address">The address.</param>
/// <param name="HasGateway">Whether its network leads on to others, unlike a bridge between containers.</param>
internal sealed record MachineAddress(IPAddress Address, bool HasGateway);
