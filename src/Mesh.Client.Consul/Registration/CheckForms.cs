using System.Globalization;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Registration;

namespace Mesh.Client.Consul.Registration;

/// <summary>Writes checks in Consul's words (HashiCorp, "Checks", agent API).</summary>
internal static class CheckForms
{
    /// <summary>A check's id names the process, so that one which takes an id over begins well: Consul gives a check the state that the same id had before.</summary>
    public static CheckForm Of(InstanceCheck check, ServiceInstance instance, string checkId)
    {
        string authority = AddressText.Join(instance.Host, check.Port == 0 ? instance.Port : check.Port);
        var form = new CheckForm(checkId, $"Mesh {check.Type} check")
        {
            DeregisterCriticalServiceAfter = check.DeregisterAfter > TimeSpan.Zero ? Go(check.DeregisterAfter) : null,
        };
        if (check.Type == InstanceCheckType.Ttl)
        {
            return form with { Ttl = Go(check.Interval) };
        }

        form = form with { Interval = Go(check.Interval), Timeout = Go(check.Timeout) };
        return check.Type switch
        {
            InstanceCheckType.Tcp => form with { Tcp = authority },
            InstanceCheckType.Http => form with { Http = $"{(check.UseTls ? "https" : "http")}://{authority}{(check.Path.Length == 0 ? "/" : check.Path)}", TlsSkipVerify = false },
            InstanceCheckType.Grpc => form with { Grpc = check.Path.Length == 0 ? authority : $"{authority}/{check.Path}", GrpcUseTls = check.UseTls, TlsSkipVerify = false },
            _ => throw new ArgumentOutOfRangeException(nameof(check), check.Type, $"{instance.Id}: the check type {check.Type} is not known; use Tcp, Http, Grpc or Ttl"),
        };
    }

    private static string Go(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMilliseconds}ms");
}
