using System.Collections.Immutable;
using Mesh.Client.Options.Reading;
using Mesh.Client.Options.Tree;

namespace Mesh.Agent.Options;

/// <summary>Reads the section <c>Agent</c>: a line for each key, all errors together.</summary>
internal static class AgentSection
{
    public const string SectionName = "Agent";

    /// <summary>Which of its keys are lists.</summary>
    public static bool IsList(string[] parts, int depth) =>
        depth == 1 && (Is(parts[0], nameof(AgentOptions.Outbound)) || Is(parts[0], nameof(AgentOptions.PassThrough)) || Is(parts[0], nameof(AgentOptions.Inbound)));

    /// <summary>Reads the section and checks it.</summary>
    /// <returns>What it compiles to; what was wrong is left out of it.</returns>
    public static AgentPolicy Read(ConfigTree agent, OptionErrors errors)
    {
        var options = new AgentOptions();
        if (agent.Problem is { } problem)
        {
            errors.Add(agent.Root.Path, null, problem);
            return new AgentPolicy();
        }

        SectionReader.Read(agent.Root, options, Root, errors);
        Check(options, errors);
        return new AgentPolicy
        {
            Outbound = ImmutableArray.CreateRange(options.Outbound.Select(Address).OfType<ListenAddress>()),
            Admin = options.Admin.Length == 0 ? null : Address(options.Admin),
            RemoteAdmin = options.RemoteAdmin,
            DrainDelay = options.DrainDelay,
            Inbound = ImmutableArray.CreateRange(options.Inbound),
            MaxConnections = options.MaxConnections,
            PassThrough = ImmutableArray.CreateRange(options.PassThrough.Select(static p => new HostPattern(p))),
        };
    }

    private static void Root(SectionReader section, AgentOptions options)
    {
        options.Outbound = section.List(nameof(options.Outbound), options.Outbound, Text);
        options.Inbound = section.List(nameof(options.Inbound), options.Inbound, InboundSection.Read);
        options.Admin = section.Parsed(nameof(options.Admin), options.Admin, AdminText);
        options.PassThrough = section.List(nameof(options.PassThrough), options.PassThrough, HostPattern.Parse);
        options.MaxConnections = section.Integer(nameof(options.MaxConnections), options.MaxConnections);
        options.RemoteOutbound = section.Flag(nameof(options.RemoteOutbound), options.RemoteOutbound);
        options.RemoteAdmin = section.Flag(nameof(options.RemoteAdmin), options.RemoteAdmin);
        options.DrainDelay = section.Duration(nameof(options.DrainDelay), options.DrainDelay);
    }

    private static void Check(AgentOptions options, OptionErrors errors)
    {
        if (options is { Outbound.Count: 0, Inbound.Count: 0, Admin.Length: 0 } && errors.Count == 0)
        {
            errors.Add(SectionName, null, $"listens nowhere; write an address under {nameof(options.Outbound)}, {nameof(options.Inbound)} or {nameof(options.Admin)}");
        }

        Dictionary<ListenAddress, string> taken = [];
        foreach (string text in options.Outbound)
        {
            if (Address(text) is { } address)
            {
                Take(taken, address, $"{SectionName}:{nameof(options.Outbound)}", errors);
                if (!address.IsLocal && !options.RemoteOutbound)
                {
                    errors.Add($"{SectionName}:{nameof(options.Outbound)}", text, $"can be reached from other machines, which would call in the name of this one; listen on 127.0.0.1, or set {SectionName}:{nameof(options.RemoteOutbound)} to true");
                }
            }
        }

        CheckInbound(options, taken, errors);
        if (options.Admin.Length > 0 && Address(options.Admin) is { } admin)
        {
            Take(taken, admin, $"{SectionName}:{nameof(options.Admin)}", errors);
            if (!admin.IsLocal && !options.RemoteAdmin)
            {
                errors.Add($"{SectionName}:{nameof(options.Admin)}", options.Admin, $"can be reached from other machines; listen on 127.0.0.1, or set {SectionName}:{nameof(options.RemoteAdmin)} to true");
            }
        }
    }

    private static void CheckInbound(AgentOptions options, Dictionary<ListenAddress, string> taken, OptionErrors errors)
    {
        foreach (InboundPolicy inbound in options.Inbound)
        {
            Take(taken, inbound.Listen, inbound.Key, errors);
            if (taken.ContainsKey(inbound.Forward))
            {
                errors.Add($"{inbound.Key}:{nameof(InboundOptions.Forward)}", inbound.Forward.ToString(), "is where the agent itself listens; write where the program is");
            }
        }
    }

    private static void Take(Dictionary<ListenAddress, string> taken, ListenAddress address, string key, OptionErrors errors)
    {
        if (address is not { Address: not null, Port: 0 } && !taken.TryAdd(address, key))
        {
            errors.Add(key, address.ToString(), $"is listened on already, by {taken[address]}; give each listener an address of its own");
        }
    }

    private static ListenAddress? Address(string text) => ListenAddress.Parse(text, out ListenAddress address) is null ? address : null;

    private static string? Text(string text, out string value)
    {
        value = text.Trim();
        return ListenAddress.Parse(value, out _);
    }

    private static string? AdminText(string text, out string value)
    {
        value = text.Trim();
        return value.Length == 0 ? null : ListenAddress.Parse(value, out _);
    }

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);
}
