using System.Globalization;
using Mesh.Client.Services;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore;

/// <summary>The verdict on one service.</summary>
/// <param name="Service">Its logical name.</param>
/// <param name="Key">The name, with the port where its calls name one.</param>
/// <param name="Status">How it is.</param>
/// <param name="Text">Why, in words.</param>
internal sealed record ServiceVerdict(string Service, string Key, HealthStatus Status, string Text)
{
    private const int MaxListed = 5;

    public static ServiceVerdict NotInUse(string name) => new(name, name, HealthStatus.Healthy, "not in use yet");

    public static ServiceVerdict Of(ServiceStatus service)
    {
        string key = service.Port == 0 ? service.Name : string.Create(CultureInfo.InvariantCulture, $"{service.Name}:{service.Port}");
        int members = service.Endpoints.Count(static e => e.IsMember);
        string source = service.Source.Error is { } error ? $"; source failing ({error})" : "";
        if (service.UsableEndpoints == 0)
        {
            string why = !service.IsResolved ? $"its endpoints are not known (asked {service.Source.Asked}){source}"
                : members == 0 ? $"it has no endpoint that takes calls{source}"
                : $"none of its {members} endpoints is usable ({Reasons(service)}){source}";
            return new ServiceVerdict(service.Name, key, HealthStatus.Unhealthy, why);
        }

        string usable = $"{service.UsableEndpoints} of {members} endpoints usable";
        string outs = service.EndpointsOut > 0 ? $" ({Reasons(service)})" : "";
        string panic = service.InPanic ? "; in panic" : "";
        HealthStatus status = outs.Length + panic.Length + source.Length > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
        return new ServiceVerdict(service.Name, key, status, usable + outs + panic + source);
    }

    private static string Reasons(ServiceStatus service)
    {
        string[] reasons = [.. service.Endpoints.Where(static e => e.IsMember && e.Reason.Length > 0).Select(static e => $"{e.Address} {e.Reason}")];
        return string.Join(", ", reasons.Take(MaxListed)) + (reasons.Length > MaxListed ? ", …" : "");
    }
}
