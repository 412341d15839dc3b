namespace Mesh.Client.Model;

/// <summary>One part of a <see cref="LimitKey"/>.</summary>
/// <param name="Kind">What is looked at.</param>
/// <param name="Name">The name of the header, query value or claim; empty for the others.</param>
/// <param name="Prefix4">How many bits of an IPv4 address tell clients apart.</param>
/// <param name="Prefix6">How many bits of an IPv6 address tell clients apart: whoever has one address of a /64 mostly has all of them.</param>
internal sealed record LimitKeyPart(LimitKeyPartKind Kind, string Name = "", int Prefix4 = 32, int Prefix6 = 64);
