using System.Globalization;
using System.Net;
using System.Text.Json;
using Mesh.Agent.Options;
using Mesh.Client.AspNetCore;
using Mesh.Client.AspNetCore.Addresses;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Documents;
using Mesh.Client.Options.Reading;
using Mesh.Client.Options.Tree;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>Reads the body of a registration as the configuration is read: key by key, all errors together.</summary>
internal static class RegistrationReader
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBytes = 64 * 1024;

    // What a body of that many bytes with sound names comes to is far less.
    private const int MaxKeys = 4 * MaxBytes;

    private const string Subject = "registration";
    private const int MaxLabels = 48;
    private const int MaxLabel = 512;
    private const int MaxMessage = 300;

    private static readonly TimeSpan s_ttl = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with an id and the remedy; <see langword="null"/> where nothing is.</summary>
    public static string? IdProblem(string id) => RegistrationSection.Id(id, out _) is { } problem ? problem
        : !id.Any(char.IsAsciiLetterOrDigit) ? "is no id of an instance; use a letter or a digit at least"
        : null;

    /// <summary>Reads a body.</summary>
    /// <param name="json">The body.</param>
    /// <param name="errors">What is wrong with it.</param>
    /// <returns>What it says; <see langword="null"/> where something is wrong.</returns>
    public static RegistrationForm? Read(string json, OptionErrors errors)
    {
        var root = new ConfigNode(Subject, null);
        try
        {
            foreach ((string key, string? value) in DocumentJson.Read(json, MaxKeys))
            {
                ConfigNode node = root;
                foreach (string part in key.Split(':', ConfigTree.MaxDepth))
                {
                    node = node.Enter(part, 1);
                }

                node.Set(value);
            }
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            errors.Add(Subject, null, $"cannot be read as JSON: {OptionErrors.Clean(error.Message, MaxMessage)} Write one JSON object, each key once");
            return null;
        }

        var body = new RegistrationBody();
        SectionReader.Read(root, body, Keys, errors);
        RegistrationForm? form = Compile(root, body, errors);
        return errors.Count == 0 && form is not null ? form with { Body = json } : null;
    }

    private static void Keys(SectionReader section, RegistrationBody body)
    {
        body.Service = section.Parsed(nameof(body.Service), body.Service, Service);
        body.Address = section.Parsed(nameof(body.Address), body.Address, Address);
        body.Port = section.Integer(nameof(body.Port), body.Port);
        body.Weight = section.Integer(nameof(body.Weight), body.Weight);
        body.WarmUp = section.Duration(nameof(body.WarmUp), body.WarmUp);
        body.Ttl = section.Duration(nameof(body.Ttl), body.Ttl);
        body.HealthCheck = section.Parsed(nameof(body.HealthCheck), body.HealthCheck, ProgramCheck.Parse);
        body.HealthInterval = section.Duration(nameof(body.HealthInterval), body.HealthInterval);
        body.HealthAddress = section.Parsed(nameof(body.HealthAddress), body.HealthAddress, Address);
        body.Labels = section.Pairs(nameof(body.Labels));
        body.Region = section.Parsed(nameof(body.Region), body.Region, Label);
        body.Zone = section.Parsed(nameof(body.Zone), body.Zone, Label);
        if (body.Labels.Count > MaxLabels)
        {
            section.Errors.Add($"{Subject}:{nameof(body.Labels)}", $"{body.Labels.Count} of them", $"are too many; use at most {MaxLabels}");
        }

        foreach ((string name, string value) in body.Labels)
        {
            if (Label(name, out _) is { } || Label(value, out _) is { })
            {
                section.Errors.Add($"{Subject}:{nameof(body.Labels)}:{name}", value, $"is no label; use at most {MaxLabel} characters for the name and for the value, and no control characters");
            }
        }
    }

    private static RegistrationForm? Compile(ConfigNode root, RegistrationBody body, OptionErrors errors)
    {
        if (root.Child(nameof(body.Service)) is null)
        {
            errors.Add(root, $"has no {nameof(body.Service)}; write the name of the service that the program is an instance of");
        }

        InstanceAddress? address = Find(root, body, errors);
        bool asks = root.Child(nameof(body.HealthCheck)) is { Value: not null };
        if (address is null)
        {
            return null;
        }

        _ = EndpointAddress.Parse(body.HealthAddress, out EndpointAddress health);
        return new RegistrationForm(body.Service, address)
        {
            Weight = body.Weight,
            WarmUp = body.WarmUp,
            Ttl = body.Ttl ?? (asks ? null : s_ttl),
            Health = asks ? ProgramCheck.Compile(body.HealthCheck, new HealthCheckPolicy { Interval = body.HealthInterval, UnhealthyAfter = InboundSection.UnhealthyAfter, HealthyAfter = 1 }) : null,
            HealthAddress = body.HealthAddress.Length == 0 ? address : new InstanceAddress(health.Scheme, health.Host, health.Port > 0 ? health.Port : address.Port),
            Labels = LabelSet.Create(body.Labels),
            Locality = new Locality(body.Region, body.Zone),
        };
    }

    private static InstanceAddress? Find(ConfigNode root, RegistrationBody body, OptionErrors errors)
    {
        bool isGiven = body.Address.Length > 0;
        if (!isGiven && body.Port is null)
        {
            if (root.Child(nameof(body.Address)) is not { Value.Length: > 0 } && root.Child(nameof(body.Port)) is not ({ Value.Length: > 0 } or { HasChildren: true }))
            {
                errors.Add(root, $"has neither {nameof(body.Address)} nor {nameof(body.Port)}; write where others reach the program, such as \"address\": \"http://10.0.0.7:9000\"");
            }

            return null;
        }

        _ = EndpointAddress.Parse(body.Address, out EndpointAddress address);
        if (isGiven && address.Port > 0 && body.Port is { } port && port != address.Port)
        {
            errors.Add($"{Subject}:{nameof(body.Port)}", port.ToString(CultureInfo.InvariantCulture), $"is not the port of {nameof(body.Address)}, {address.Port}; write one of them");
        }

        if (isGiven && address.Port == 0 && body.Port is null)
        {
            errors.Add($"{Subject}:{nameof(body.Address)}", body.Address, "has no port; write http://host:port or host:port");
            return null;
        }

        string[] listening = body.Port is { } own ? [string.Create(CultureInfo.InvariantCulture, $"http://*:{own}")] : [];
        return InstanceAddress.Find(isGiven ? address : null, listening, MachineAddresses.Read, out _) is not { } found ? null
            : found with { Scheme = isGiven ? address.Scheme : null };
    }

    private static string? Service(string text, out string value)
    {
        value = text.Trim();
        return HostName.ServiceProblem(value);
    }

    private static string? Address(string text, out string value)
    {
        value = text.Trim();
        return value.Length == 0 ? null
            : EndpointAddress.Parse(value, out EndpointAddress address) is { } problem ? problem
            : IPAddress.TryParse(address.Host, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
                ? "is every address of a machine, which nobody can call; write the one that others reach, or the port alone"
            : null;
    }

    private static string? Label(string text, out string value)
    {
        value = text;
        return text.Length <= MaxLabel && !text.Any(char.IsControl) ? null : $"is no name of a place; use at most {MaxLabel} characters, and no control characters";
    }
}
