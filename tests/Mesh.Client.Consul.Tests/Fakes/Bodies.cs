using System.Globalization;

namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>Answers of <c>/v1/health/service</c>.</summary>
internal static class Bodies
{
    public const string Orders = "/v1/health/service/orders";

    /// <summary>Instances with these ports on one machine, their one check passing.</summary>
    public static string Ports(params int[] ports) => $"[{string.Join(',', ports.Select(static p => Instance(string.Create(CultureInfo.InvariantCulture, $"\"ID\":\"o{p}\",\"Address\":\"10.0.0.1\",\"Port\":{p}"))))}]";

    public static string Instance(string service, string status = "passing", string node = "\"Node\":\"n1\",\"Address\":\"10.0.0.9\"") =>
        $$"""{"Node":{{{node}}},"Service":{{{service}}},"Checks":[{"Node":"n1","CheckID":"serfHealth","Status":"passing","ServiceName":"","ModifyIndex":3},{"Node":"n1","CheckID":"c","Status":"{{status}}","ServiceName":"orders","ModifyIndex":5}]}""";
}
