using Mesh.Client.AspNetCore;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;

namespace Mesh.Agent.Options;

/// <summary>Reads an item of <c>Agent:Inbound</c>.</summary>
internal static class InboundSection
{
    public const int UnhealthyAfter = 2;

    /// <summary>Reads an item.</summary>
    /// <returns>What it compiles to; <see langword="null"/> where it is not valid.</returns>
    public static InboundPolicy? Read(SectionReader section)
    {
        var options = new InboundOptions();
        options.Service = section.Parsed(nameof(options.Service), options.Service, Service);
        options.Listen = section.Parsed(nameof(options.Listen), options.Listen, Address);
        options.Forward = section.Parsed(nameof(options.Forward), options.Forward, ForwardAddress);
        options.HealthCheck = section.Parsed(nameof(options.HealthCheck), options.HealthCheck, ProgramCheck.Parse);
        options.HealthInterval = section.Duration(nameof(options.HealthInterval), options.HealthInterval);
        options.Labels = section.Pairs(nameof(options.Labels));
        var registration = (RegistrationPolicy)new RegistrationSection().Read(section);
        bool isWhole = true;
        Need(nameof(options.Service), "the name of the service that the program is an instance of");
        Need(nameof(options.Listen), "where others call it, such as http://0.0.0.0:18080");
        Need(nameof(options.Forward), "where the program is, such as http://127.0.0.1:9000");
        if (!isWhole || ListenAddress.Parse(options.Listen, out ListenAddress listen) is not null || ListenAddress.Parse(options.Forward, out ListenAddress forward) is not null)
        {
            return null;
        }

        return new InboundPolicy(section.Node.Path, options.Service, listen, forward)
        {
            Health = ProgramCheck.Compile(options.HealthCheck, new HealthCheckPolicy { Interval = options.HealthInterval, UnhealthyAfter = UnhealthyAfter, HealthyAfter = 1 }),
            Labels = LabelSet.Create(options.Labels),
            Registration = registration,
        };

        void Need(string key, string what)
        {
            if (section.Node.Child(key) is null)
            {
                isWhole = false;
                section.Errors.Add(section.Node, $"has no {key}; write {what}");
            }
        }
    }

    private static string? Service(string text, out string value)
    {
        value = text.Trim();
        return HostName.ServiceProblem(value);
    }

    private static string? Address(string text, out string value)
    {
        value = text.Trim();
        return ListenAddress.Parse(value, out _);
    }

    private static string? ForwardAddress(string text, out string value)
    {
        value = text.Trim();
        return ListenAddress.Parse(value, out ListenAddress address) ?? (address is { Address: not null, Port: 0 } ? "has no port that a program can listen on; write one from 1 to 65535" : null);
    }
}
